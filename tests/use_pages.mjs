// Uses a month's page as its reader does: what the filter says, and where ids lead.
//   node use_pages.mjs CHROMIUM NODE_MODULES URL TABLE SOUGHT
import { createRequire } from "node:module";

const [, , chromiumPath, modules, url, table, sought] = process.argv;
const { chromium } = createRequire(`${modules}/`)("playwright-core");
const browser = await chromium.launch({
  executablePath: chromiumPath,
  args: ["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
});
const page = await (await browser.newContext()).newPage();
await page.goto(url);
const found = page.locator(`.scroll:has(#${table})`);
const box = page.locator(`.filter:has(+ .scroll > #${table})`);
const told = { placeholder: await box.locator("input").getAttribute("placeholder") };
told.before = await box.innerText();
await box.locator("input").fill(sought);
told.after = await box.innerText();
told.rest = await box.locator("a").evaluateAll((links) => links.map((link) => link.href));
told.rows = await found.locator("tbody tr:visible").count();
await box.locator("input").fill("");
const ids = page.locator("a.story");
told.stories = await ids.evaluateAll((links) => links.map((link) => link.href));
told.ids = await ids.allInnerTexts();
await browser.close();
console.log(JSON.stringify(told));
