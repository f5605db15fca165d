// node status_test.mjs PROGRAM: what runs, as its operator sees it: `jebi status`, `jebi map`, /readyz, gRPC's health check.
import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { mkdirSync } from "node:fs";
import http from "node:http";
import { join } from "node:path";

import { Api } from "../lib/api.mjs";
import { before, check, eventually, finish, skip } from "../lib/checks.mjs";
import { Jebi, program, run, temporary_folder } from "../lib/jebi.mjs";

// A process that answers at its control socket what the test says, or with a status other than 200; null: it takes the
// question and stays mute.
async function process_at(data, name, status, ending = "control.sock") {
  mkdirSync(join(data, "run"), { recursive: true });
  const server = http.createServer((request, answer) => {
    answer.statusCode = status?.status ?? 200;
    if (status !== null) answer.end(typeof status === "string" ? status : JSON.stringify(status));
  });
  await new Promise((listening) => server.listen(join(data, "run", `${name}.${ending}`), listening));
  return server;
}
const stop = (server) => {
  server.closeAllConnections();
  server.close();
};

const rates = (per_second, p99_ms = 8, errors_per_second = 0) => ({ per_second, errors_per_second, p50_ms: 1.5, p99_ms });
const tweets = {
  name: "tweets", version: "1.2.3", pid: 4120, uptime_s: 60, health: "degraded",
  unwell: [{ name: "follows", why: "breaker open (12 of 20 calls failed)" }],
  modules: [{ name: "tweets", ...rates(120.4) }], work: rates(120.4), routes: [], calls: [],
  neighbours: [
    { caller: "tweets", name: "follows", here: false, ...rates(33, 900, 20), breaker: "open", reason: "12 of 20 calls failed" },
    { caller: "tweets", name: "accounts", here: false, ...rates(5), breaker: "closed", reason: "" },
  ],
  memory_bytes: 44_040_192, database_bytes: 13_000_000, loop_lag_ms_max: 0.4,
};
// Two modules in one process, one of them with a name in Hangul.
const reads = { ...tweets, name: "reads", pid: 4121, health: "ready", unwell: [], modules: [{ name: "timelines", ...rates(7) }, { name: "검색", ...rates(0, 0) }], neighbours: [] };

await check("where nothing runs, status and map say what, why and what to do", async () => {
  const data = temporary_folder();
  for (const verb of ["status", "map"]) {
    const { code, out, err } = await run([verb, "--data", data]);
    assert.deepEqual([code, out], [1, ""]);
    assert.match(err, /Nothing runs here: nobody answers at a control socket in .*\/run\. `jebi up` starts it; --data DIR/);
  }
});

await check("status is one table of modules and processes, and says what is not well", async () => {
  const data = temporary_folder();
  const servers = [await process_at(data, "tweets", tweets), await process_at(data, "reads", reads)];
  const { code, out, err } = await run(["status", "--data", data]);
  assert.deepEqual([code, err], [0, ""]);
  const lines = out.trimEnd().split("\n");
  assert.match(lines[0], /^MODULE +PROCESS +PID +VERSION +HEALTH +REQ\/S +P50 +P99 +ERR\/S +BREAKERS +MEMORY +DATABASE$/);
  assert.match(lines[1], /^timelines +reads +4121 +1\.2\.3 +ready +7\.0 +1\.5 ms +8\.0 ms +0 +- +42\.0 MiB +12\.4 MiB$/);
  assert.match(lines[2], /^검색 +0 +1\.5 ms +- +0$/);
  assert.match(lines[3], /^tweets +tweets +4120 +1\.2\.3 +degraded +120 +1\.5 ms +8\.0 ms +0 +follows open +42\.0 MiB +12\.4 MiB$/);
  assert.equal(lines[4], "tweets: follows: breaker open (12 of 20 calls failed)");
  // Hangul takes two columns, so its line has so many characters fewer before the next column.
  const column = lines[0].indexOf("P99") + 3;
  assert.equal(lines[2].indexOf(" -") + 2, column - 2);
  assert.ok(!out.includes("\x1b"), "no colours where there is no terminal");
  servers.forEach(stop);
});

await check("status --json is what the processes say", async () => {
  const data = temporary_folder();
  const servers = [await process_at(data, "tweets", tweets), await process_at(data, "other", "no JSON")];
  const { code, out } = await run(["status", "--json", "--data", data]);
  assert.equal(code, 0);
  const { processes } = JSON.parse(out);
  assert.deepEqual(processes.map((one) => [one.name, one.health]), [["other", "mute"], ["tweets", "degraded"]]);
  assert.deepEqual(processes[1], tweets);
  servers.forEach(stop);
});

await check("a process that takes questions and does not answer is mute, and keeps nobody waiting", async () => {
  const data = temporary_folder();
  const servers = [await process_at(data, "mute", null), await process_at(data, "tweets", tweets)];
  const { code, out } = await run(["status", "--data", data], { deadline_ms: 15_000 });
  assert.equal(code, 0);
  assert.match(out, /^- +mute +\? +mute /m);
  assert.match(out, /^mute: control socket: /m);
  assert.match(out, /^tweets +tweets +4120/m);
  servers.forEach(stop);
});

await check("a socket that a killed process has left behind is no process", async () => {
  const data = temporary_folder();
  const server = await process_at(data, "tweets", tweets);
  // Node removes a socket that it closes; a process that is killed does not.
  const left = spawnSync("python3", ["-c", `import socket; s = socket.socket(socket.AF_UNIX); s.bind(${JSON.stringify(join(data, "run/gone.control.sock"))})`]);
  if (left.status !== 0) return skip("a socket that was left behind", "there is no python3 here");
  const { code, out } = await run(["status", "--data", data]);
  assert.equal(code, 0);
  assert.ok(!out.includes("gone"), out);
  stop(server);
});

await check("what the supervisor knows is there, too: who does not run, and how often somebody was restarted", async () => {
  const data = temporary_folder();
  const child = { version: "1.2.3", memory_bytes: 1_048_576, restarts: 0, last_end: "" };
  const web = { ...tweets, name: "web", pid: 4122, modules: [{ name: "web", ...rates(3) }], neighbours: [], unwell: [] };
  const servers = [await process_at(data, "tweets.2", tweets), await process_at(data, "web-1.1", web),
    await process_at(data, "starting", { status: 503 }, "control")];
  const supervisor = http.createServer((request, answer) => answer.end(JSON.stringify({ children: [
    { ...child, name: "tweets", pid: 4120, state: "ready", restarts: 3, last_end: "killed by signal 9" },
    { ...child, name: "follows", pid: 0, state: "backing off", restarts: 7, last_end: "exit code 1" },
    { ...child, name: "starting", pid: 77, state: "starting" },
    { ...child, name: "web-1", pid: 4122, state: "ready", restarts: 1 },
  ] })));
  await new Promise((listening) => supervisor.listen(join(data, "run/supervisor.sock"), listening));
  const { code, out } = await run(["status", "--data", data]);
  assert.equal(code, 0);
  assert.match(out, /^tweets +tweets +4120 +1\.2\.3 +degraded /m);
  assert.match(out, /^- +follows +\? +1\.2\.3 +backing off /m);
  assert.match(out, /^- +starting +77 +starting /m);
  assert.match(out, /^tweets: restarted 3 times; its last end: killed by signal 9$/m);
  assert.match(out, /^follows: restarted 7 times; its last end: exit code 1$/m);
  assert.match(out, /^web: restarted once$/m);
  for (const pid of [4120, 4122, 77])
    assert.equal(out.split("\n").filter((line) => line.includes(` ${pid} `)).length, 1, `each process once: ${pid}`);
  [...servers, supervisor].forEach(stop);
});

await check("what a process says cannot speak to the terminal", async () => {
  const data = temporary_folder();
  const server = await process_at(data, "evil", { ...tweets, name: "evil\x1b[2J", unwell: [{ name: "x", why: "a\nb\x1b]0;title\x07" }] });
  const { out } = await run(["status", "--data", data]);
  assert.ok(!/[\x00-\x09\x0b-\x1f]/.test(out), JSON.stringify(out));
  stop(server);
});

await check("map tells who calls whom, how often, and what guards the way", async () => {
  const data = temporary_folder();
  const server = await process_at(data, "tweets", tweets);
  const { code, out } = await run(["map", "--data", data]);
  assert.equal(code, 0);
  assert.match(out, /^tweets +-> +follows +33 +1\.5 ms +900 ms +20 +open: 12 of 20 calls failed$/m);
  assert.match(out, /^tweets +-> +accounts +5\.0 .* closed$/m);
  stop(server);
});

if (spawnSync("sh", ["-c", "command -v script"]).status !== 0) skip("status on a terminal", "there is no script here");
else await check("on a terminal no line is wider than it, and colours are left out where they are not wanted", async () => {
  const data = temporary_folder();
  const server = await process_at(data, "tweets", { ...tweets, unwell: [{ name: "follows", why: "제비 ".repeat(60) }] });
  // A pseudo-terminal of 80 columns. (spawnSync would keep this program from answering.)
  const told = (environment) => new Promise((done) => {
    const child = spawn("script", ["-qec", `stty cols 80; '${program}' status --data '${data}'`, "/dev/null"],
      { env: { ...process.env, TERM: "xterm", NO_COLOR: "", ...environment }, stdio: ["ignore", "pipe", "ignore"] });
    let out = "";
    child.stdout.on("data", (piece) => (out += piece));
    child.once("close", () => done(out));
  });
  const coloured = await told({}), plain = await told({ NO_COLOR: "1" });
  assert.match(coloured, /\x1b\[33mdegraded\x1b\[0m/);
  assert.ok(!plain.includes("\x1b"), JSON.stringify(plain));
  const columns = (line) => [...line].reduce((sum, c) => sum + (/[\u1100-\u115f\uac00-\ud7a3]/.test(c) ? 2 : 1), 0);
  for (const line of plain.trimEnd().split(/\r?\n/)) assert.ok(columns(line) <= 80, `${columns(line)}: ${line}`);
  assert.match(plain, /…/);
  stop(server);
});

// ---- The program itself ----

const data = temporary_folder();
const jebi = await Jebi.start({ data });

await check("a jebi that runs shows its modules, what they do, and who calls whom", async () => {
  const api = await new Api(jebi.url).sign_up("bora");
  for (let i = 0; i < 5; ++i) await api.post("/api/v1/tweets", { text: `tweet ${i}` });
  const { code, out, err } = await run(["status", "--data", data]);
  assert.equal(code, 0, err);
  assert.match(out, new RegExp(`^accounts +jebi +${jebi.child.pid} +\\d+\\.\\d+\\.\\d+ +ready `, "m"));
  for (const module of ["web", "tweets", "follows", "timelines", "notifications", "messages", "search"]) assert.match(out, new RegExp(`^${module} `, "m"));
  const { processes: [status] } = JSON.parse((await run(["status", "--json", "--data", data])).out);
  assert.equal(status.pid, jebi.child.pid);
  assert.ok(status.database_bytes > 0 && status.memory_bytes > 0 && status.threads > 1);
  const web = status.modules.find(({ name }) => name === "web");
  assert.ok(web.per_second > 0 && web.p99_ms > 0, JSON.stringify(web));
  assert.ok(status.routes.some(({ method, route }) => method === "POST" && route === "/api/v1/tweets"));
  assert.ok(status.calls.some(({ service, method }) => service === "jebi.tweets.v1.Tweets" && method === "Write"));
  const edge = status.neighbours.find(({ caller, name }) => caller === "web" && name === "tweets");
  assert.ok(edge.here && edge.per_second > 0);
  const map = await run(["map", "--data", data]);
  assert.match(map.out, /^web \(in jebi\) +-> +tweets .* same process$/m);
});

await check("status --watch draws again and again, until it is told to end", async () => {
  const child = spawn(program, ["status", "--watch", "--data", data], { stdio: ["ignore", "pipe", "inherit"] });
  let out = "";
  child.stdout.on("data", (piece) => (out += piece));
  await eventually(() => out.split("MODULE").length > 2, "a second drawing");
  const ended = new Promise((done) => child.once("exit", (code) => done(code)));
  child.kill("SIGINT");
  assert.equal(await before(10_000, ended, "ending"), 0);
});

await check("readyz and gRPC's health check say the same", async () => {
  const ready = await fetch(`${jebi.url}/readyz?verbose`);
  assert.equal(ready.status, 200);
  assert.match(await ready.text(), /^ready\n\[\+\]database ok\n/);
  const check_of = (service) => fetch(`${jebi.url}/grpc.health.v1.Health/Check`,
    { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify({ service }) });
  for (const service of ["", "jebi.tweets.v1.Tweets"]) assert.deepEqual(await (await check_of(service)).json(), { status: "SERVING" });
  const unknown = await check_of("jebi.nobody.v1.Nobody");
  assert.equal(unknown.status, 404);
  assert.equal((await unknown.json()).code, "not_found");
});

await check("when jebi has ended, nothing runs there any more", async () => {
  assert.equal(await jebi.stop(), 0);
  assert.equal((await run(["status", "--data", data])).code, 1);
});

finish();
