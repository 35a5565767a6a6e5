// Every view reached and used by the keyboard alone: Tab, Enter, letters, arrows.

const MOST_TABS = 250;

// Tabs to the element, and sees on the way that the focus can be seen.
async function tabTo(page, selector) {
  for (let i = 0; i < MOST_TABS; i += 1) {
    await page.keyboard.press("Tab");
    const [found, seen, html] = await page.evaluate((selector) => {
      const focused = document.activeElement;
      const { outlineStyle, outlineWidth } = getComputedStyle(focused);
      const seen = outlineStyle !== "none" && parseFloat(outlineWidth) >= 2;
      return [focused.matches(selector), seen || focused === document.body, focused.outerHTML];
    }, selector);
    if (!seen) throw new Error(`the focus cannot be seen on ${html.slice(0, 120)}`);
    if (found) return;
  }
  throw new Error(`Tab does not come to ${selector}`);
}

async function follow(page, selector) {
  await tabTo(page, selector);
  await Promise.all([page.waitForEvent("load"), page.keyboard.press("Enter")]);
}

// Leaves a field with this text and nothing else.
async function write(page, selector, text) {
  await tabTo(page, selector);
  await page.keyboard.press("Control+A");
  await page.keyboard.type(text);
}

async function send(page) {
  await Promise.all([page.waitForEvent("load"), page.keyboard.press("Enter")]);
}

const heading = (page) => page.locator("h1").innerText();
const main = (page) => page.locator("main").innerText();
const view = (path) => `nav a[href="${path}"]`;

export const journeys = {
  async skip(page, check) {
    await tabTo(page, ".skip");
    await page.keyboard.press("Enter");
    check(await page.evaluate(() => document.activeElement.id === "main"), "skip leads to the content");
    await tabTo(page, ".questions a");
  },

  async questions(page, check) {
    const links = await page.locator(".questions a").evaluateAll((all) => all.map((a) => a.getAttribute("href")));
    for (const link of links) {
      await page.goto(new URL("/", page.url()).href);
      await follow(page, `.questions a[href="${link}"]`);
      check((await heading(page)).length > 3, `the question to ${link}`);
    }
  },

  async sha2(page, check) {
    await follow(page, view("/sha2"));
    await write(page, 'input[name="message"]', "abc");
    await write(page, 'input[name="other"]', "abd");
    await send(page);
    check((await main(page)).includes("The avalanche"), "a second message is compared");
    await follow(page, 'a[rel="next"]');
    check(page.url().includes("step=b0.r1"), `next: ${page.url()}`);
    // the fragment takes the focus along: the ways are near
    await follow(page, 'a[rel="next"]');
    check(page.url().includes("step=b0.r2"), `next again: ${page.url()}`);
    for (const [key, step] of [["ArrowRight", "b0.r3"], ["ArrowLeft", "b0.r2"]]) {
      await Promise.all([page.waitForEvent("load"), page.keyboard.press(key)]);
      check(page.url().includes(`step=${step}#`), `${key}: ${page.url()}`);
    }
    await follow(page, 'button[value="b0.r63"]');
    check(page.url().includes("step=b0.r63"), `a round by its number: ${page.url()}`);
    await page.goBack();
    check(page.url().includes("step=b0.r2"), `back: ${page.url()}`);
  },

  async token(page, check) {
    await follow(page, view("/token"));
    check((await main(page)).includes("✓ accepted"), "the sample is accepted");
    await write(page, 'textarea[name="payload"]', '{"sub":"admin"}');
    await tabTo(page, 'form[action="/token#verified"] button');
    await send(page);
    check((await main(page)).includes("✗ refused"), "the changed copy is refused");
    check(!page.url().includes("eyJ"), "no token in the address");
    await write(page, 'textarea[name="token"]', "eyJhbGciOiJIUzI1NiJ9.e30.AA");
    await write(page, 'input[name="secret"]', "a secret");
    await tabTo(page, 'form[action="/token"] button');
    await send(page);
    const said = await main(page);
    check(said.includes("HS256") && said.includes("✗ refused"), "another token and a secret");
    await tabTo(page, 'a.part[href="#part-2"]');
    await page.keyboard.press("Enter");
    check(page.url().endsWith("#part-2"), "a part leads to its bytes");
    await tabTo(page, "#part-2 summary");
    await page.keyboard.press("Enter");
    check(await page.locator("#part-2 details").evaluate((d) => d.open), "its groups open");
  },

  async middle(page, check) {
    await follow(page, view("/middle"));
    await write(page, 'input[name="changed"]', "pay all to eve");
    await send(page);
    check((await main(page)).includes("Who could have made it?"), "the table stands");
  },

  async compare(page, check) {
    await follow(page, view("/compare"));
    check((await main(page)).includes("a public key cannot sign"), "who can forge");
  },

  async rotation(page, check) {
    await follow(page, view("/rotation"));
    await follow(page, 'a[rel="next"]');
    check(page.url().includes("at=1"), "later");
    await Promise.all([page.waitForEvent("load"), page.keyboard.press("ArrowRight")]);
    check(page.url().includes("at=2"), "an arrow moves the moment");
    await follow(page, 'a[href*="at-once"]');
    await follow(page, 'a[rel="next"]');
    check((await main(page)).includes("✗ refused"), "all at once refuses some");
  },

  async hmac(page, check) {
    await follow(page, view("/hmac"));
    await write(page, 'input[name="key"]', "my key");
    await send(page);
    const said = await main(page);
    check(said.includes("secret, 6 bytes") && !page.url().includes("my"), "the key is masked");
  },

  async em(page, check) {
    await follow(page, view("/em"));
    await tabTo(page, 'a[href="#field-6"]');
    await page.keyboard.press("Enter");
    await tabTo(page, 'a[href="#bytes-9"]');
    await page.keyboard.press("Enter");
    check(page.url().endsWith("#bytes-9"), "a field leads to its bytes");
  },

  async base64url(page, check) {
    await follow(page, view("/base64url"));
    await write(page, 'input[name="text"]', "{}");
    await send(page);
    check((await main(page)).includes("e30"), "{} is e30");
  },
};
