// Every view of `jotlab study` in Chromium. Arguments: the page's address, the browser, and, if pictures are
// wanted, a directory for them.
// What is wrong is printed, and makes the exit code 1.
import { createRequire } from "node:module";
import path from "node:path";
import { journeys } from "./keyboard.mjs";

const [address, executablePath, pictures] = process.argv.slice(2);
const require = createRequire(path.join(process.env.JOTLAB_NODE_PATH, "x.js"));
const { chromium } = require("playwright-core");
const axe = require("axe-core");

const ARGUMENTS = [
  "--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking",
  "--disable-component-update", "--disable-sync",
];

// The views, and states of them that draw something else.
const VIEWS = {
  questions: "/",
  token: "/token",
  middle: "/middle",
  compare: "/compare",
  rotation: "/rotation?order=at-once&at=1",
  sha2: "/sha2?alg=sha256&message=abc&other=abd&step=b0.r3",
  sha512: "/sha2?alg=sha512&message=abc&other=abd&step=b0.w20",
  padding: "/sha2?alg=sha256&message=abc&step=pad",
  hmac: "/hmac",
  em: "/em",
  base64url: "/base64url",
  refusal: "/sha2?step=nowhere",
};

const failures = [];
const check = (holds, what) => {
  if (!holds) failures.push(what);
};

const browser = await chromium.launch({ executablePath, args: ARGUMENTS });
const origin = new URL(address).origin;

// A page that may load from its own origin only: any other request is a failure, and is not made.
async function page(options = {}) {
  const context = await browser.newContext({ viewport: { width: 1200, height: 900 }, ...options });
  await context.route("**", (route) => {
    const url = route.request().url();
    if (new URL(url).origin === origin) return route.continue();
    failures.push(`a request left the origin: ${url}`);
    return route.abort();
  });
  const page = await context.newPage();
  page.on("pageerror", (error) => failures.push(`${page.url()}: ${error}`));
  page.on("console", (message) => {
    if (message.type() === "error" && !/status of 4\d\d/.test(message.text())) {
      failures.push(`${page.url()}: ${message.text()}`);
    }
  });
  return page;
}

const picture = async (tab, name, options) => {
  if (pictures) await tab.screenshot({ path: path.join(pictures, `${name}.png`), ...options });
};
const goto = (page, view) => page.goto(new URL(view, address).href);
const close = (page) => page.context().close();

// axe finds nothing serious or critical; in the dark only colours are others.
async function accessible(colorScheme, rules) {
  const tab = await page({ colorScheme });
  for (const [name, view] of Object.entries(VIEWS)) {
    await goto(tab, view);
    await tab.evaluate(axe.source);
    const { violations } = await tab.evaluate((rules) => globalThis.axe.run(rules), rules);
    for (const { id, impact, nodes } of violations) {
      const grave = impact === "serious" || impact === "critical";
      check(!grave, `axe, ${name}, ${colorScheme}: ${impact} ${id}: ${nodes.map((n) => n.html).slice(0, 3).join(" | ")}`);
    }
    await picture(tab, `${name}-${colorScheme}`, { fullPage: true });
  }
  await close(tab);
}

// Without a script every page says the same.
async function withoutScript() {
  const [without, with_] = [await page({ javaScriptEnabled: false }), await page()];
  for (const [name, view] of Object.entries(VIEWS)) {
    await goto(without, view);
    await goto(with_, view);
    // innerText leaves out what is shut: compare what is drawn
    const texts = await Promise.all([without, with_].map((tab) => tab.locator("body").innerText()));
    // RSA blinding changes no byte of a signature: two answers are equal
    check(texts[0] === texts[1] && texts[0].length > 100, `${name}: a script changes what is said`);
  }
  await close(without);
  await close(with_);
}

// 320 px are enough, without scrolling sideways.
async function narrow() {
  const tab = await page({ viewport: { width: 320, height: 640 } });
  for (const [name, view] of Object.entries(VIEWS)) {
    await goto(tab, view);
    await tab.evaluate(() => document.querySelectorAll("details").forEach((d) => (d.open = true)));
    const width = await tab.evaluate(() => document.documentElement.scrollWidth);
    check(width <= 320, `${name}: ${width} px wide at 320`);
    await picture(tab, `${name}-320`, { fullPage: true });
  }
  await close(tab);
}

// What the policy forbids does not happen: a script in the page, a script or a picture from elsewhere.
async function policy() {
  const expected = ["script-src-elem", "script-src-attr", "img-src", "frame-src", "connect-src"];
  const context = await browser.newContext();
  const tab = await context.newPage();
  await goto(tab, "/");
  const [ran, blocked] = await tab.evaluate(async (expected) => {
    const blocked = [];
    document.addEventListener("securitypolicyviolation", (e) => blocked.push(e.effectiveDirective));
    const inline = document.createElement("script");
    inline.textContent = "globalThis.injected = true";
    document.body.append(inline);
    document.body.setAttribute("onclick", "globalThis.injected = true");
    document.body.click();
    for (const [name, attribute] of [["script", "src"], ["img", "src"], ["iframe", "src"]]) {
      const element = document.createElement(name);
      element.setAttribute(attribute, "http://127.0.0.1:9/x");
      document.body.append(element);
    }
    await fetch("/").catch(() => {});
    // reports come later than what they report
    for (let i = 0; i < 200 && !expected.every((what) => blocked.includes(what)); i += 1) {
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    return [globalThis.injected === true, blocked];
  }, expected);
  check(!ran, "an injected script ran");
  for (const what of expected) {
    check(blocked.includes(what), `the policy did not block ${what}: ${blocked}`);
  }
  await context.close();
}

// The picture for the README.
async function readme() {
  const tab = await page({ viewport: { width: 1120, height: 1325 }, colorScheme: "light" });
  await goto(tab, "/sha2?alg=sha256&message=abc&other=abd&step=b0.r4");
  await picture(tab, "study");
  await close(tab);
}

async function keyboard([name, journey]) {
  const tab = await page();
  try {
    await goto(tab, "/");
    await journey(tab, check);
  } catch (error) {
    failures.push(`keyboard, ${name}: ${error.message}`);
  }
  await close(tab);
}

// at once: each has a page with a focus and a keyboard of its own, and most of it is waiting
await Promise.all([
  accessible("light", {}),
  accessible("dark", { runOnly: ["color-contrast"] }),
  withoutScript(),
  narrow(),
  policy(),
  readme(),
  ...Object.entries(journeys).map(keyboard),
]);
await browser.close();

console.log(`${Object.keys(VIEWS).length} views, ${Object.keys(journeys).length} journeys by keyboard`);
failures.forEach((failure) => console.log(`FAILED ${failure}`));
process.exit(failures.length === 0 ? 0 : 1);
