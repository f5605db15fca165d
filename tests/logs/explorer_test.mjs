// node explorer_test.mjs LOG_ANALYTICS: the explorer page as people use it, in a real browser.
//
// From the empty page to the first event, then search, completion, zoom, rows, filters, live tail, SQL, export, languages
// and traces; then every view in Korean and English, light and dark, on a phone and on a desk: axe-core finds nothing to
// object to, nothing sticks out of the window, the browser has no complaint. Pictures go to build/screenshots.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdirSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";

import { axe_violations, launch, visit } from "../lib/browser.mjs";
import { check, eventually, finish } from "../lib/checks.mjs";
import { root } from "../lib/jebi.mjs";
import { LogAnalytics } from "../lib/log_analytics.mjs";

const run = promisify(execFile);
const sizes = { phone: { width: 360, height: 740 }, desk: { width: 1280, height: 900 } };
const pictures = join(root, "build", "screenshots");
const hour_ms = 3_600_000;
const trace_id = "4bf92f3577b34da6a3ce929d0e0e4736";
const hostile = {
  script: "<script>document.title='owned'</script><img src=x onerror=document.title='owned'>",
  long: "x".repeat(20_000),
  turned: "\u202Ereversed\u202D שלום",
  controls: "a\u0000b\u001b[31mc",
  quotes: "it's \"quoted\" \\ `so`",
};

mkdirSync(pictures, { recursive: true });
const browser = await launch("the explorer in a browser");
const service = await LogAnalytics.start();
const desk = await visit(browser, { language: "en", viewport: sizes.desk });
const { page } = desk;
const open = async (address, of = page) => {
  await of.goto(service.url + address);
  await settled(of);
};
// The page has asked and shown all that it wanted.
const settled = (of = page) => of.waitForFunction(() => document.querySelector("#view:not([aria-busy])") && document.querySelector("#count").textContent);
const result = () => page.locator("#result");
const lines = () => page.locator("#result table.rows tbody tr:not(.opened)");
const count = () => page.locator("#count").innerText();
// Of what was cut off on purpose the browser complains.
const complaints = () => desk.complaints.filter((one) => !/ERR_FAILED|status of 401/.test(one));
const send = async (events) => {
  const { status, text } = await service.post("/log", JSON.stringify(events), { "Content-Type": "application/json" });
  assert.equal(status, 200, text);
};

await check("an empty service shows the one line in seven languages", async () => {
  await page.goto(`${service.url}/`);
  await page.locator("#empty").waitFor();
  const names = await page.locator("#empty-tabs [role=tab]").allInnerTexts();
  assert.deepEqual(names, ["Node", "Python", "Go", "Java", "PHP", "C++", "curl"]);
  await page.locator("#line-0").focus();
  for (const name of names) {
    assert.equal(await page.locator("#empty-tabs [aria-selected=true]").innerText(), name);
    assert.ok((await page.locator("#empty-code").innerText()).includes(service.url), name);
    await page.keyboard.press("ArrowRight");
  }
});
await all_looks("explorer-empty", async (of) => {
  await of.goto(`${service.url}/`);
  await of.locator("#empty").waitFor();
});
await check("the test event shows at once", async () => {
  await page.goto(`${service.url}/`);
  await page.locator("#empty-test").click();
  await lines().first().waitFor();
  assert.match(await lines().first().innerText(), /Hello from the explorer/);
  assert.equal(await page.locator("#empty").isVisible(), false);
});

const now = Date.now();
await send(visits(600));
await send(trace());

await check("rows show newest first, and open to all their fields", async () => {
  await open("/");
  assert.equal(await lines().count(), 100);
  await page.locator("#older").click();
  await eventually(async () => (await lines().count()) === 200, "older rows");
  const button = page.locator(".open").nth(2);
  await button.click();
  assert.equal(await button.getAttribute("aria-expanded"), "true");
  assert.ok((await page.locator(".opened dt").allInnerTexts()).includes("user_agent"));
  await button.press("Enter");
  assert.equal(await page.locator(".opened").count(), 0);
});

await check("a search finds, and its address can be shared", async () => {
  await open("/");
  await page.locator("#q").fill("status:>=500");
  await page.locator("#q").press("Enter");
  await settled();
  const n = await service.count("status >= 500");
  assert.equal(await count(), `${n} rows`);
  const shared = page.url();
  assert.match(shared, /\?q=status/);
  await page.goto(shared);
  await settled();
  assert.equal(await count(), `${n} rows`);
  await page.goBack();
});

await check("a wrong search says beside the box what is wrong", async () => {
  await open("/");
  await page.locator("#q").fill("statsu:500");
  await page.locator("#q").press("Enter");
  await page.locator("#search-error:not(:empty)").waitFor();
  assert.match(await page.locator("#search-error").innerText(), /statsu.*status/s);
});

await check("fields and values are completed by keyboard", async () => {
  await open("/");
  await page.locator("#q").click();
  await page.keyboard.type("meth");
  await page.locator("[role=option]", { hasText: "method" }).waitFor();
  await page.keyboard.press("ArrowDown");
  assert.ok(await page.locator("#q").getAttribute("aria-activedescendant"));
  await page.keyboard.press("Enter");
  await page.locator("[role=option]", { hasText: "POST" }).waitFor();
  await page.keyboard.type("PO");
  await page.waitForFunction(() => document.querySelectorAll("[role=option]").length === 1);
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Enter");
  assert.equal(await page.locator("#q").inputValue(), "method:POST ");
  await page.keyboard.press("Enter");
  await settled();
  assert.equal(await count(), `${await service.count("method = 'POST'")} rows`);
});

await check("the histogram counts what there is, and zooms by buttons and by dragging", async () => {
  await open("/?range=24h");
  const all = await page.evaluate(() => [...document.querySelectorAll("#legend b")].reduce((sum, b) => sum + Number(b.textContent.replace(/\D/g, "")), 0));
  assert.equal(`${all} rows`, await count());
  const length = () => page.evaluate(() => {
    const [from, to] = (new URLSearchParams(location.search).get("range") ?? "").split("..").map(Date.parse);
    return to - from;
  });
  await page.locator("#zoom-in").press("Enter");
  await settled();
  assert.equal(Math.round((await length()) / hour_ms), 12);
  await page.locator("#zoom-out").press("Enter");
  await page.locator("#earlier").press("Enter");
  await settled();
  assert.equal(Math.round((await length()) / hour_ms), 24);
  const box = await page.locator("#chart").boundingBox();
  await page.mouse.move(box.x + box.width / 4, box.y + 50);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width / 2, box.y + 60, { steps: 4 });
  await page.mouse.up();
  await settled();
  assert.equal(Math.round((await length()) / hour_ms), 6);
});

await check("a value is filtered for, and out", async () => {
  await open("/");
  const field = page.locator("#fields details").filter({ has: page.locator("summary bdi", { hasText: /^path$/ }) });
  await field.locator("summary").click();
  await field.getByRole("button", { name: "Filter out path /search?q=제비" }).click();
  await settled();
  assert.match(await page.locator("#q").inputValue(), /^-path:/);
  assert.equal(await count(), `${await service.count("path != '/search?q=제비' OR path IS NULL")} rows`);
});

await check("hostile values are text, can be filtered for, and change nothing", async () => {
  await send(Object.entries(hostile).map(([kind, value]) => ({ hostile: kind, value, [`field <b>${kind}`]: 1 })));
  for (const [kind, value] of Object.entries(hostile)) {
    await open(`/?q=hostile:${kind}`);
    assert.equal(await lines().count(), 1, kind);
    await page.locator(".open").click();
    const text = await page.locator(".opened dd", { hasText: /./ }).allInnerTexts();
    if (kind === "script") assert.ok(text.includes(value), "as it was sent");
    if (kind === "controls") assert.ok(text.includes("a␀b␛[31mc"), "controls are seen");
    if (kind === "long") continue; // beyond what a search may be
    await page.locator(".opened .fields > div", { has: page.locator("dt", { hasText: /^value$/ }) }).locator("button").first().click();
    await settled();
    assert.equal(await lines().count(), 1, `${kind} is found by its value: ${await page.locator("#search-error").innerText()}`);
  }
  await open("/?q=status:200 OR hostile:*");
  assert.match(await lines().first().innerText(), /hostile/, "a row without the usual fields shows those that it has");
  assert.doesNotMatch(await page.title(), /owned/);
});

await check("visitors and latency are those that SQL tells", async () => {
  await open("/?view=visitors");
  const [{ v }] = await service.query("SELECT uniq(ip) AS v FROM logs");
  assert.match(await result().innerText(), new RegExp(`Visitors\\s+${v}\\b`));
  assert.match(await result().innerText(), /Top pages/);
  await page.locator("#tab-latency").click();
  await page.locator("th", { hasText: "p99" }).waitFor();
  assert.match(await result().innerText(), /\/users/);
});

await check("SQL is shown, can be changed, and runs by Ctrl+Enter", async () => {
  await open("/?q=status:200&view=sql");
  assert.match(await page.locator("#sql").inputValue(), /SELECT \*\nFROM logs\nWHERE ts >= .*status = '?200/s);
  await page.locator("#sql").fill("SELECT method, count() AS n FROM logs WHERE method IS NOT NULL GROUP BY method ORDER BY n DESC");
  await page.locator("#sql").press("Control+Enter");
  await settled();
  assert.deepEqual(await page.locator("#result th").allInnerTexts(), ["method", "n"]);
  assert.match(await result().innerText(), /GET\s+\d+/);
  assert.match(await page.locator("#cost").innerText(), /rows read/);
  await page.locator("#sql").fill("SELECT cuont() FROM logs");
  await page.locator("#sql").press("Control+Enter");
  await page.locator("#sql-error:not(:empty)").waitFor();
  assert.match(await page.locator("#sql-error").innerText(), /count/);
});

await check("what is shown can be taken away: JSON lines, CSV, curl", async () => {
  await open("/?q=status:>=500");
  const n = await service.count("status >= 500");
  for (const [format, of_rows] of [["jsonl", (text) => text.trim().split("\n").length], ["csv", (text) => text.trim().split("\r\n").length - 1]]) {
    const { status, text } = await service.ask("GET", await page.locator(`#export-${format}`).getAttribute("href"));
    assert.equal(status, 200);
    assert.equal(of_rows(text), n, format);
  }
  await desk.context.grantPermissions(["clipboard-read", "clipboard-write"]);
  await page.locator("#copy-curl").click();
  await page.locator("#said:not(:empty)").waitFor();
  assert.match(await page.evaluate(() => navigator.clipboard.readText()), /^curl 'http:\/\/127\.0\.0\.1:\d+\/query\?format=jsonl' --data-binary 'SELECT/);
});

await check("a trace is a waterfall, also without JavaScript", async () => {
  await open("/?q=name:checkout");
  await page.locator(".open").click();
  const link = await page.locator(".opened a").getAttribute("href");
  const plain = await visit(browser, { language: "en", script: false, viewport: sizes.desk });
  await plain.page.goto(service.url + link);
  assert.equal(await plain.page.locator(".span").count(), 6);
  await plain.page.locator(".span summary").nth(3).click();
  assert.match(await plain.page.locator(".span[open] dl").innerText(), /span_id/);
  assert.deepEqual(plain.complaints, []);
  await plain.context.close();
  const { text } = await service.ask("GET", link, "", { Accept: "application/json" });
  assert.equal(JSON.parse(text).spans[0].name, "checkout");
});

await check("the language is the browser's, until somebody changes it", async () => {
  await open("/?q=status:404");
  assert.equal(await page.locator("html").getAttribute("lang"), "en");
  await page.locator("#lang").click();
  await page.waitForFunction(() => document.documentElement.lang === "ko");
  await settled();
  assert.equal(await page.locator("#q").inputValue(), "status:404", "the search is kept");
  await page.goto(`${service.url}/`);
  assert.equal(await page.locator("html").getAttribute("lang"), "ko");
});

await check("a service that went away and came back is no end of the page", async () => {
  await open("/?lang=en");
  await page.route("**/query*", (route) => route.abort());
  await page.locator("#q").press("Enter");
  await page.locator("#trouble", { hasText: "does not answer" }).waitFor();
  await page.unroute("**/query*");
  await page.locator("#q").press("Enter");
  await page.locator("#trouble").waitFor({ state: "hidden" });
});

await check("with a token one sees the rows of its tenant, in every view, export and trace, and without it no more", async () => {
  const { stdout } = await run(service.program, ["tenant", "add", "shop", "--data", service.data]);
  const token = /\S{40,}/.exec(stdout)[0];
  const bearer = { Authorization: `Bearer ${token}` };
  await eventually(async () => (await service.post("/log", JSON.stringify({ message: "only the shop's", trace_id: "5409", span_id: "a", name: "pay", duration_ms: 1 }), bearer)).status === 200,
    "the token is known");
  await open("/?lang=en");
  await page.locator("#token-open").click();
  await page.locator("#token").fill("wrong");
  await page.locator("#token").press("Enter");
  await page.locator("#trouble", { hasText: "not known" }).waitFor();
  await page.locator("#token").fill(token);
  await page.locator("#token").press("Enter");
  await page.locator("#result tr", { hasText: "only the shop's" }).waitFor();
  assert.equal(await count(), "1 row");
  const download = page.waitForEvent("download");
  await page.locator("#export-csv").click();
  assert.match(await readFile(await (await download).path(), "utf8"), /only the shop's/);
  await page.locator("#live").click();
  await service.post("/log", JSON.stringify({ message: "the shop's second" }), bearer);
  await page.locator("#result tr", { hasText: "the shop's second" }).waitFor();
  await open("/?q=name:pay");
  await page.locator(".open").click();
  await page.locator(".opened a").click();
  await page.locator("dialog .span", { hasText: "pay" }).waitFor();
  await page.keyboard.press("Escape");
  await page.locator("dialog").waitFor({ state: "detached" });
  await open("/");
  await page.locator("#token-open").click();
  await page.locator("#token-forget").click();
  await page.waitForFunction(() => !document.querySelector("#result")?.textContent.includes("the shop's") && document.querySelectorAll("#result tr").length > 2);
});

const views = { rows: "/?range=24h", opened: "/?range=24h", visitors: "/?view=visitors", latency: "/?view=latency", sql: "/?view=sql", nothing: "/?q=path:never" };
for (const [name, address] of Object.entries(views)) {
  await all_looks(`explorer-${name}`, async (of) => {
    await open(address, of);
    if (name === "opened") await of.locator(".open").nth(1).click();
  });
}
await all_looks("explorer-trace", (of) => of.goto(`${service.url}/traces/${trace_id}`));
await all_looks("explorer-report", (of) => of.goto(`${service.url}/report`));
await all_looks("explorer-no-trace", (of) => of.goto(`${service.url}/traces/none`));

await check("the live tail shows a row within a second, pauses, and goes on", async () => {
  await open("/?lang=en");
  await send({ message: "the latest so far" });
  await page.locator("#live").click();
  await page.locator("#result tr", { hasText: "the latest so far" }).waitFor();
  assert.equal(await lines().count(), 100, "the latest rows stand there from the beginning");
  assert.match(await lines().first().innerText(), /the latest so far/);
  const began = Date.now();
  await send({ level: "error", message: "just now" });
  await page.locator("#result tr", { hasText: "just now" }).waitFor();
  assert.match(await lines().first().innerText(), /just now/);
  assert.ok(Date.now() - began < 1000, `it took ${Date.now() - began} ms`);
  await page.locator("#pause").click();
  await send({ message: "unseen" });
  await page.locator("#tail-said", { hasText: "1 " }).waitFor();
  assert.equal(await page.locator("#result tr", { hasText: "unseen" }).count(), 0);
  await page.locator("#pause").click();
  await send({ message: "seen again" });
  await page.locator("#result tr", { hasText: "seen again" }).waitFor();
  await send(Array.from({ length: 700 }, (_, i) => ({ message: `many ${i}` })));
  await page.locator("#result tr", { hasText: "many" }).first().waitFor();
  assert.ok((await lines().count()) <= 500, "rows on the page are bounded");
});

await all_looks("explorer-token", async (of) => {
  await open("/", of);
  await of.locator("#token-open").click();
});
await all_looks("explorer-live", (of) => open("/?live=1", of));
await check("no script failed", async () => assert.deepEqual(complaints(), []));

await check("the service ends cleanly with the browser still connected", async () => assert.equal(await service.stop(), 0));
await browser.close();
finish();

// In both languages, light and dark, on a phone and on a desk.
async function all_looks(name, show) {
  for (const language of ["ko", "en"]) {
    await check(`${name} in ${language}`, async () => {
      const { context, page: seen, complaints: heard } = await visit(browser, { language, viewport: sizes.desk });
      for (const [size, viewport] of Object.entries(sizes)) {
        await seen.setViewportSize(viewport);
        await show(seen);
        for (const colorScheme of ["light", "dark"]) {
          await seen.emulateMedia({ colorScheme });
          const what = `${name}-${language}-${colorScheme}-${size}`;
          await seen.screenshot({ path: join(pictures, `${what}.png`) });
          assert.equal(await seen.locator("h1").count(), 1, what);
          const width = await seen.evaluate(() => document.documentElement.scrollWidth);
          assert.ok(width <= viewport.width, `${what} is ${width} wide`);
          assert.deepEqual(await axe_violations(seen), [], what);
        }
      }
      assert.deepEqual(heard, []);
      await context.close();
    }, 90_000);
  }
}

// Visits of a day as a web server would log them, the same each time but for the hour.
function visits(how_many) {
  const paths = ["/", "/", "/users", "/users/42", "/users/제비", "/search?q=제비", "/login", "/assets/app.css", "/tweets/1024"];
  const agents = ["Mozilla/5.0 (X11; Linux x86_64) Firefox/131.0", "Mozilla/5.0 (iPhone) Safari/604.1", "curl/8.9.1"];
  const day = 24 * hour_ms;
  return Array.from({ length: how_many }, (_, i) => {
    const path = paths[(i * 7) % paths.length], busy = Math.sin((i / how_many) * Math.PI * 2);
    const status = i % 41 === 0 ? 503 : i % 17 === 0 ? 404 : i % 11 === 0 ? 302 : 200;
    return {
      ts: new Date(now - day + 60_000 + (i / how_many) * (day - 120_000) + busy * hour_ms * 0.9).toISOString(),
      ip: `203.0.113.${(i * i) % 60}`, method: path === "/login" ? "POST" : "GET", path, status, bytes: 500 + ((i * 7919) % 40_000),
      latency_ms: Math.round(2 + ((i * 31) % 80) + (i % 50 === 0 ? 900 : 0)), user_agent: agents[i % 3], service: "web",
    };
  });
}

function trace() {
  const begin = now - 600_000;
  const span = (span_id, parent_span_id, name, service, after, duration_ms, more = {}) =>
    ({ ts: new Date(begin + after).toISOString(), trace_id, span_id, ...(parent_span_id && { parent_span_id }), name, "service.name": service, duration_ms, status: "ok", ...more });
  return [
    span("a1", "", "checkout", "shop", 0, 412.5), span("b1", "a1", "GET /cart", "cart", 12, 61.25), span("c1", "b1", "SELECT carts", "database", 20, 38),
    span("b2", "a1", "POST /charge", "payment", 90, 287, { status: "error", status_message: "the bank was slow <b>" }),
    span("c2", "b2", "retry", "payment", 240, 120), span("d1", "zz", "send mail", "mailer", 390, 9.5),
    { ts: new Date(begin + 300).toISOString(), trace_id, span_id: "b2", level: "warn", message: "bank answers slowly, trying again" },
  ];
}
