// Looks at pages of the Dagster UI in Chromium as an analyst does, and says what was not there.
//   node desk_by_browser.mjs CHROMIUM NODE_MODULES ADDRESS STEPS
// STEPS is JSON: a list of steps, each with
//   path    the page to open
//   clicks  texts of what is clicked one after the other
//   sees    texts that must come to stand on the page
//   opens   the address of a link that is followed into a page of its own, whose title is `title`
//   shot    a file for a picture of the page, `from` a text that must be on it
import { createRequire } from "node:module";

const [, , chromiumPath, modules, address, steps] = process.argv;
const { chromium } = createRequire(`${modules}/`)("playwright-core");
const browser = await chromium.launch({
  executablePath: chromiumPath,
  args: [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync",
    "--disable-background-networking", "--disable-component-update",
  ],
});
const page = await browser.newPage({ viewport: { width: 1440, height: 1000 } });
const wrong = [];

async function seen(step, what, act) {
  try {
    await act();
  } catch (error) {
    wrong.push(`${step.path}: ${what}: ${String(error).split("\n")[0]}`);
  }
}

for (const step of JSON.parse(steps)) {
  await page.goto(address + step.path, { waitUntil: "domcontentloaded" });
  for (const text of step.clicks ?? [])
    await seen(step, `click ${text}`, () =>
      page.getByText(text, { exact: true }).first().click({ timeout: 60000 }),
    );
  for (const text of step.sees ?? [])
    await seen(step, `see ${text}`, () =>
      page.getByText(text).first().waitFor({ state: "attached", timeout: 60000 }),
    );
  if (step.opens)
    await seen(step, `open ${step.opens}`, async () => {
      const link = page.locator(`a[href="${step.opens}"]`).first();
      const opened = page.context().waitForEvent("page", { timeout: 60000 });
      await link.click({ timeout: 60000 });
      const other = await opened;
      await other.waitForLoadState();
      if (!(await other.title()).includes(step.title)) wrong.push(`title ${await other.title()}`);
      await other.close();
    });
  if (step.shot) {
    if (step.from) await page.getByText(step.from, { exact: true }).last().scrollIntoViewIfNeeded();
    await page.waitForTimeout(1500);
    await page.screenshot({ path: step.shot });
  }
}
await browser.close();
console.log(JSON.stringify(wrong));
