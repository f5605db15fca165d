// While one works on pages: what is saved is seen at once, in the browser that is open, without a build.
import assert from "node:assert/strict";
import { cpSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { launch, visit } from "../lib/browser.mjs";
import { check, eventually, finish } from "../lib/checks.mjs";
import { Jebi, root, temporary_folder } from "../lib/jebi.mjs";

const browser = await launch("live reload in a browser");
const cwd = temporary_folder();
for (const folder of ["pages", "words", "assets"]) {
  cpSync(join(root, "modules/web", folder), join(cwd, "modules/web", folder), { recursive: true });
}

// Replaces text in a copied source file, as an editor does when one saves.
function save(file, from, to) {
  const path = join(cwd, "modules/web", file), text = readFileSync(path, "utf8");
  assert.ok(text.includes(from), `${file} has no ${from}`);
  writeFileSync(path, text.replace(from, to));
}

let jebi = await Jebi.start({ cwd, args: ["--dev"] });
const { page, context } = await visit(browser, { language: "en" });
// The page asks for news of changes as soon as it is loaded; what was saved before that, it has seen already.
let listens = false;
page.on("framenavigated", () => (listens = false));
page.on("response", (answer) => (listens ||= answer.url().endsWith("/dev/reload")));
const listening = () => eventually(() => listens, "the page's asking for changes");
const shows = (text) => () => page.locator("body").innerText().then((all) => all.includes(text), () => false);

await check("saved words, templates and styles appear by themselves", async () => {
  await page.goto(`${jebi.url}/login`);
  await listening();
  save("words/en.txt", "login_title = ", "login_title = Freshly saved: ");
  await eventually(shows("Freshly saved: "), "the new words");
  await listening();
  save("pages/login.html", "</h1>", "</h1><p>a new line</p>");
  await eventually(shows("a new line"), "the new template");
  await listening();
  save("assets/jebi.css", "body {", "body { outline: 7px solid red;");
  await eventually(() => page.evaluate(() => getComputedStyle(document.body).outlineWidth === "7px").catch(() => false), "the new style");
});

await check("a template that cannot be used is shown with what is wrong, until it is mended", async () => {
  await listening();
  save("pages/login.html", "<p>a new line</p>", "<p>{{#NEVER_CLOSED}}</p>");
  await eventually(shows("login.html"), "the name of the broken template");
  save("pages/login.html", "<p>{{#NEVER_CLOSED}}</p>", "<p>mended</p>");
  await page.reload();
  assert.ok(await shows("mended")());
});

await check("the page comes back by itself when jebi was rebuilt and started again", async () => {
  const listen = new URL(jebi.url).host;
  await listening();
  await page.evaluate(() => (window.from_before = true));
  await jebi.stop();
  jebi = await Jebi.start({ cwd, data: jebi.data, listen, args: ["--dev"] });
  await eventually(() => page.evaluate(() => !window.from_before).catch(() => false), "a fresh page");
});

await check("jebi ends while a browser listens for changes", async () => assert.equal(await jebi.stop(), 0));

await context.close();
await browser.close();
finish();
