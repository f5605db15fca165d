// node verbs_test.mjs PROGRAM: what one types after `log-analytics`, against a service that runs: query, tail, import, report,
// tenant add.
import assert from "node:assert/strict";
import { execFile, spawn } from "node:child_process";
import { readFileSync, writeFileSync, appendFileSync } from "node:fs";
import { join, resolve as resolved } from "node:path";

import { check, eventually, finish } from "../lib/checks.mjs";
import { temporary_folder } from "../lib/jebi.mjs";
import { LogAnalytics } from "../lib/log_analytics.mjs";

const program = resolved(process.argv[2]);
const verb_ms_max = 30_000;
const service = await LogAnalytics.start();
const folder = temporary_folder();
const listen = service.url.replace("http://", "");

// Runs the program to its end.
function run(...words) {
  return new Promise((resolve) => {
    const args = [...words, "--listen", listen, "--data", join(folder, "data")];
    execFile(program, args, { cwd: folder, timeout: verb_ms_max }, (error, out, err) => resolve({ code: error?.code ?? 0, out, err }));
  });
}

const line = (path, status, second) =>
  `203.0.113.7 - - [22/Nov/2026:13:58:0${second} +0000] "GET ${path} HTTP/1.1" ${status} 512 "-" "curl/8"\n`;

await check("import sends a file once, however often it is called, and then what is new in it", async () => {
  const file = join(folder, "access.log");
  writeFileSync(file, line("/a", 200, 1) + "this is no log line\n" + line("/b", 500, 2));
  const first = await run("import", file);
  assert.equal(first.code, 0, first.err);
  assert.match(first.out, /2 rows sent, 1 lines could not be read/);
  await run("import", file);
  await run("import", file, "--again");
  assert.equal(await service.count("path = '/a' OR path = '/b'"), 2);
  appendFileSync(file, line("/c", 404, 3));
  await run("import", file);
  assert.equal(await service.count("status >= 400"), 2);
});

await check("query prints a table, or what is asked for; a wrong one says why and ends with 2", async () => {
  const sql = "SELECT path, status FROM logs WHERE status = 500";
  assert.match((await run("query", sql)).out, /path +status\n\/b +500/);
  assert.equal((await run("query", sql, "--format", "csv")).out, "path,status\r\n/b,500\r\n");
  assert.equal((await run("query", sql, "--format", "jsonl")).out, '{"path":"/b","status":500}\n');
  const wrong = await run("query", "SELECT pth FROM logs");
  assert.equal(wrong.code, 2);
  assert.match(wrong.err, /path/);
});

await check("tail prints rows that match, from now on, and Ctrl-C ends it", async () => {
  const tail = spawn(program, ["tail", "level:error", "--listen", listen], { cwd: folder, stdio: ["ignore", "pipe", "inherit"] });
  let out = "";
  tail.stdout.on("data", (text) => (out += text));
  const ended = new Promise((resolve) => tail.once("exit", resolve));
  // It follows from when it has asked; what comes before that is not printed.
  await eventually(async () => {
    await service.post("/log", JSON.stringify({ level: "error", message: "followed" }));
    await service.post("/log", JSON.stringify({ level: "info", message: "passed over" }));
    return out.includes("followed");
  }, "a row that is followed");
  assert.ok(!out.includes("passed over") && !out.includes("/a"), out);
  tail.kill("SIGINT");
  assert.equal(await ended, 0);
});

await check("report writes a page of the service, and of a file without one", async () => {
  for (const words of [["report"], ["report", join(folder, "access.log"), "--lang", "ko"]]) {
    const page = join(folder, "page.html");
    const { code, err } = await run(...words, "-o", page);
    assert.equal(code, 0, err);
    const html = readFileSync(page, "utf8");
    assert.match(html, /<html lang="(en|ko)"/);
    assert.ok(html.includes("/b"));
  }
});

await check("a tenant's token opens rows of its own, in a service that already runs", async () => {
  const added = await new Promise((resolve) => {
    execFile(program, ["tenant", "add", "blue", "--data", service.data], { cwd: folder }, (error, out) => resolve({ error, out }));
  });
  assert.equal(added.error, null);
  const token = added.out.trim();
  const ask = (sql) => fetch(`${service.url}/query`, { method: "POST", body: sql, headers: { Authorization: `Bearer ${token}` } });
  await eventually(async () => (await ask("SELECT count() AS n FROM logs")).status === 200, "the token's being known");
  assert.equal(await (await ask("SELECT count() AS n FROM logs")).text(), '{"n":0}\n');
  assert.equal((await run("query", "SELECT count() AS n FROM logs", "--format", "jsonl", "--token", token)).out, '{"n":0}\n');
  assert.equal((await run("query", "SELECT 1 FROM logs", "--token", "wrong")).code, 2);
});

await check("without a service the verbs say where they looked", async () => {
  assert.equal(await service.stop(), 0);
  const { code, err } = await run("query", "SELECT count() FROM logs");
  assert.notEqual(code, 0);
  assert.match(err, /Is log-analytics running at 127\.0\.0\.1:\d+\?/);
});
finish();
