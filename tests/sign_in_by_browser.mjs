// Opens a link in Chromium, presses its button, follows every link of the start page, and says what
// it saw. The pages' own security policy is in force.
//   node sign_in_by_browser.mjs CHROMIUM NODE_MODULES LINK WIDTH
import { createRequire } from "node:module";
import { statSync } from "node:fs";

const [, , chromiumPath, modules, link, width] = process.argv;
const { chromium } = createRequire(`${modules}/`)("playwright-core");
const browser = await chromium.launch({
  executablePath: chromiumPath,
  args: [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync",
    "--disable-background-networking", "--disable-component-update",
  ],
});
const page = await browser.newPage({ viewport: { width: Number(width), height: 844 } });
const told = { wrong: [], seen: {}, downloads: {} };
const name = () => new URL(page.url()).pathname;

async function look() {
  const over = await page.evaluate(
    () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
  );
  if (over > 0) told.wrong.push(`${name()}: ${over} px wider than the window`);
  told.seen[name()] = {
    title: await page.title(), sorting: await page.locator("th button").count(),
  };
}

page.on("console", (message) => {
  if (!message.text().includes("/favicon.ico")) told.wrong.push(message.text());
});
page.on("pageerror", (error) => told.wrong.push(String(error)));
await page.goto(link);
await look();
await page.getByRole("button", { name: "Sign in" }).click();
await page.waitForURL("**/");
await look();
const links = await page.locator("main a").evaluateAll((found) => found.map((one) => one.href));
for (const href of links) {
  if (href.endsWith(".zip")) {
    await page.goto(new URL("/", link).href);
    const [download] = await Promise.all([
      page.waitForEvent("download"),
      page.locator(`a[href="${new URL(href).pathname}"]`).click(),
    ]);
    told.downloads[download.suggestedFilename()] = statSync(await download.path()).size;
  } else {
    await page.goto(href);
    await look();
  }
}
await browser.close();
console.log(JSON.stringify(told));
