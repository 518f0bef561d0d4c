// Opens pages in Chromium, each at desktop and phone width, light and dark, and says what it found.
//   node look_at_pages.mjs CHROMIUM NODE_MODULES PAGE...
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";

const [, , chromiumPath, modules, ...pages] = process.argv;
const require = createRequire(`${modules}/`);
const { chromium } = require("playwright-core");
const axe = require.resolve("axe-core/axe.min.js");
const RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
const MODES = [
  { name: "desktop", viewport: { width: 1280, height: 900 }, colorScheme: "light" },
  { name: "desktop, dark", viewport: { width: 1280, height: 900 }, colorScheme: "dark" },
  { name: "phone", viewport: { width: 390, height: 844 }, colorScheme: "light" },
  { name: "phone, dark", viewport: { width: 390, height: 844 }, colorScheme: "dark" },
];

async function useByKeyboard(page) {
  await page.keyboard.press("Tab");
  const skip = await page.evaluate(() => document.activeElement.getAttribute("href"));
  const wrong = skip === "#content" ? [] : [`the first stop is ${skip}`];
  const button = page.locator("table[data-sortable] th button").first();
  if (await button.count() === 0) return wrong;
  for (const order of ["ascending", "descending"]) {
    await button.focus();
    await page.keyboard.press("Enter");
    const told = await button.evaluate((found) => found.parentElement.getAttribute("aria-sort"));
    if (told !== order) wrong.push(`sorted ${told}, not ${order}`);
  }
  return wrong;
}

// On a phone a row of a leader's table is a card: each cell says what it is, and nothing is cut off.
function lookAtCards() {
  const wrong = [];
  if (innerWidth >= 736) return wrong;
  for (const cell of document.querySelectorAll(".stack tbody td:not(:empty)")) {
    const label = getComputedStyle(cell, "::before").content;
    const isMark = cell.closest(".tight") && cell.querySelector(".mark");
    if (!isMark && !/[^"]/.test(label.replace("none", ""))) wrong.push(`no label: ${cell.outerHTML}`);
  }
  for (const cell of document.querySelectorAll("main :is(.stack, .people) tbody :is(th, td)")) {
    const { left, right } = cell.getBoundingClientRect();
    if (left < 0 || right > innerWidth) wrong.push(`cut off: ${cell.outerHTML}`);
    if (cell.scrollWidth > cell.clientWidth + 1) wrong.push(`overflows: ${cell.outerHTML}`);
  }
  return wrong.slice(0, 3);
}

async function look(page, path) {
  const wrong = [];
  page.on("console", (message) => wrong.push(`console: ${message.text()}`));
  page.on("pageerror", (error) => wrong.push(`error: ${error}`));
  page.on("request", (request) => {
    if (!request.url().startsWith("file:")) wrong.push(`request: ${request.url()}`);
  });
  await page.goto(pathToFileURL(path).href);
  const over = await page.evaluate(
    () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
  );
  if (over > 0) wrong.push(`${over} px wider than the window`);
  wrong.push(...await page.evaluate(lookAtCards));
  wrong.push(...await useByKeyboard(page));
  await page.evaluate(() => document.querySelectorAll("details").forEach((one) => { one.open = true; }));
  await page.addScriptTag({ path: axe });
  const found = await page.evaluate(
    (rules) => window.axe.run(document, { runOnly: rules }), RULES,
  );
  for (const rule of found.violations) {
    wrong.push(`axe ${rule.id}: ${rule.nodes[0].html.slice(0, 160)}`);
  }
  return wrong;
}

const browser = await chromium.launch({
  executablePath: chromiumPath,
  args: [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync",
    "--disable-background-networking", "--disable-component-update",
  ],
});
const told = {};
for (const { name, ...mode } of MODES) {
  const context = await browser.newContext({ ...mode, bypassCSP: true });
  for (const path of pages) {
    const page = await context.newPage();
    const wrong = await look(page, path);
    if (wrong.length) told[`${path} (${name})`] = wrong;
    await page.close();
  }
  await context.close();
}
await browser.close();
console.log(JSON.stringify(told, null, 2));
