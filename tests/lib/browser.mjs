// A real browser: Debian's Chromium, driven by playwright-core (tests/package.json).
import { existsSync, readFileSync } from "node:fs";

import { finish, skip } from "./checks.mjs";
import { need, required as require } from "./packages.mjs";

const executable = "/usr/bin/chromium";
const quiet = ["--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
  "--disable-component-update", "--disable-sync", "--font-render-hinting=none"];
const page_ms_max = 15_000;


// Starts Chromium. Where it or its driver is not installed, the program says so and ends as skipped.
export async function launch(what) {
  if (!existsSync(executable)) {
    skip(what, `there is no ${executable} (./dev test installs it)`);
    finish();
  }
  need(["playwright-core"], what);
  const { chromium } = require("playwright-core");
  return chromium.launch({ executablePath: executable, chromiumSandbox: false, args: quiet });
}

// A fresh profile. `language` is ko or en; whatever a page complains about is kept in `complaints`.
export async function visit(browser, { language = "ko", script = true, ...more } = {}) {
  const context = await browser.newContext({
    locale: language === "ko" ? "ko-KR" : "en-US",
    javaScriptEnabled: script,
    reducedMotion: "reduce",
    ...more,
  });
  context.setDefaultTimeout(page_ms_max);
  const page = await context.newPage();
  const complaints = [];
  page.on("pageerror", (error) => complaints.push(`script: ${error.message}`));
  page.on("console", (message) => {
    // The browser repeats every status of 400 and more; pages that refuse have one on purpose.
    if (message.type() === "error" && !/status of [45]\d\d/.test(message.text())) complaints.push(message.text());
  });
  return { context, page, complaints };
}

// axe-core's findings on the page as it is shown now, a line each.
export async function axe_violations(page) {
  axe_source ??= readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");
  if (!(await page.evaluate(() => typeof axe === "object"))) await page.evaluate(axe_source);
  const tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
  const { violations, passes } = await page.evaluate(
    (values) => axe.run(document, { runOnly: { type: "tag", values }, resultTypes: ["violations"] }), tags);
  if (passes.length === 0) throw new Error("axe found nothing to look at");
  return violations.flatMap(({ id, nodes }) =>
    nodes.map(({ html, failureSummary }) => `${id}: ${html}\n${failureSummary}`));
}
let axe_source;
