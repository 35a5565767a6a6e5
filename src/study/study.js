// The pages say everything without this. It lets the arrow keys step, and keeps the place while they do.
"use strict";

const ways = { ArrowLeft: "prev", ArrowRight: "next" };

document.addEventListener("keydown", (event) => {
  const writing = event.target.closest("input, textarea, select, pre, [contenteditable]");
  const held = event.altKey || event.ctrlKey || event.metaKey || event.shiftKey;
  const way = document.querySelector(`a[rel="${ways[event.key]}"]`);
  if (writing || held || !way) return;
  event.preventDefault();
  sessionStorage.setItem("scroll", String(window.scrollY));
  window.location.assign(way.href);
});

// an arrow key moves through the steps, not down the page
const kept = sessionStorage.getItem("scroll");
sessionStorage.removeItem("scroll");
if (kept !== null) window.addEventListener("load", () => window.scrollTo(0, Number(kept)));
