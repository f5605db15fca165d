// node metrics_test.mjs PROGRAM: a real Prometheus reads what GET /metrics says, of one process and of those of a topology, and its
// linter finds nothing to say about it.
// Both are Debian's, installed or unpacked in build/prometheus (./dev test does that).
import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { existsSync, writeFileSync } from "node:fs";
import net from "node:net";
import { join } from "node:path";

import { Api } from "../lib/api.mjs";
import { check, eventually, finish, skip } from "../lib/checks.mjs";
import { Jebi, root, temporary_folder } from "../lib/jebi.mjs";

const unpacked = join(root, "build/prometheus/usr/bin");
const place_of = (name) => existsSync(join(unpacked, name)) ? join(unpacked, name) : spawnSync("sh", ["-c", `command -v ${name}`], { encoding: "utf8" }).stdout.trim();
const [prometheus, promtool] = ["prometheus", "promtool"].map(place_of);

const jebi = await Jebi.start();
const api = await new Api(jebi.url).sign_up("bora");
await api.post("/api/v1/tweets", { text: "counted" });
await fetch(`${jebi.url}/userslist`);
// Not assert.match, which would print all of it.
const says = (pattern) => assert.ok(pattern.test(text), `no ${pattern}`);
const text = await (await fetch(`${jebi.url}/metrics`)).text();

await check("requests, calls by neighbour, and what the process uses are there", async () => {
  says(/^http_requests_total\{code="200",method="GET",route="\/userslist"\} [1-9]/m);
  says(/^http_request_duration_seconds_bucket\{.*le="0\.1"\}/m);
  says(/^rpc_calls_total\{code="ok",method="Write",neighbour="tweets",service="jebi\.tweets\.v1\.Tweets",side="local"\} 1$/m);
  for (const name of ["process_cpu_seconds_total", "process_resident_memory_bytes", "process_open_fds", "process_max_fds", "process_threads",
    "event_loop_lag_seconds", "event_loop_fibers", "sql_queued_batches"]) says(new RegExp(`^${name} [\\d.e+-]+$`, "m"));
});

function lint(metrics) {
  const { status, stdout, stderr } = spawnSync(promtool, ["check", "metrics"], { input: metrics, encoding: "utf8" });
  assert.deepEqual([status, stdout, stderr], [0, "", ""]);
}

if (!promtool) skip("promtool finds nothing to say", "there is no promtool here");
else await check("promtool finds nothing to say", async () => lint(text));

const free_port = () => new Promise((found) => {
  const server = net.createServer();
  server.listen(0, "127.0.0.1", () => {
    const { port } = server.address();
    server.close(() => found(port));
  });
});

// Another program may take the port between our look and its start: then another one is tried.
async function started(folder) {
  for (let tries = 0; tries < 5; ++tries) {
    const port = await free_port();
    const child = spawn(prometheus, [`--config.file=${join(folder, "prometheus.yml")}`, `--storage.tsdb.path=${join(folder, "tsdb")}`,
      `--web.listen-address=127.0.0.1:${port}`], { stdio: ["ignore", "ignore", "pipe"] });
    process.on("exit", () => child.kill("SIGKILL"));
    const ready = await new Promise((done) => {
      let said = "";
      child.stderr.on("data", (piece) => (said += piece).includes("ready to receive web requests") && done(true));
      child.once("exit", () => done(false));
      child.once("error", () => done(false));
    });
    if (ready) return { child, url: `http://127.0.0.1:${port}` };
  }
  throw new Error("prometheus did not start");
}

// Scrapes these processes (by name: host and port) until each was reached, and gives `look` a way to ask for what it has.
async function scraped(processes, look) {
  const folder = temporary_folder();
  const targets = Object.entries(processes).map(([name, host]) => ({ targets: [host], labels: { process: name } }));
  // JSON is YAML.
  writeFileSync(join(folder, "prometheus.yml"),
    JSON.stringify({ global: { scrape_interval: "1s" }, scrape_configs: [{ job_name: "jebi", static_configs: targets }] }));
  const { child, url } = await started(folder);
  const ask = async (query) => (await (await fetch(`${url}/api/v1/query?query=${encodeURIComponent(query)}`)).json()).data.result;
  await eventually(async () => (await ask('up{job="jebi"} == 1')).length === targets.length, "the scrapes");
  await look(ask);
  child.kill("SIGTERM");
}

if (!prometheus) skip("a real Prometheus scrapes it", "there is no prometheus here");
else await check("a real Prometheus scrapes it", () => scraped({ jebi: new URL(jebi.url).host }, async (ask) => {
  const [written] = await ask('rpc_calls_total{neighbour="tweets",method="Write"}');
  assert.equal(written.value[1], "1");
  assert.equal((await ask("event_loop_lag_seconds")).length, 1);
}), 60_000);

await jebi.stop();

// ---- The processes of a topology ----

// Prometheus knows no Unix sockets: what a program like socat does.
async function piped(path) {
  const server = net.createServer((client) => {
    const behind = net.connect(path);
    client.pipe(behind).pipe(client);
    for (const end of [client, behind]) end.on("error", () => [client, behind].forEach((one) => one.destroy()));
  });
  await new Promise((listening) => server.listen(0, "127.0.0.1", listening));
  server.unref();
  return `127.0.0.1:${server.address().port}`;
}

const split = await Jebi.start({ by: "split" });
const kept = ["accounts", "follows", "messages", "notifications", "search", "timelines", "tweets"];
const hosts = { web: new URL(split.url).host };
for (const name of kept) hosts[name] = await piped(join(split.data, "run", `${name}.sock`));
await (await new Api(split.url).sign_up("minji")).post("/api/v1/tweets", { text: "counted on both sides" });

if (!promtool) skip("promtool finds nothing to say about any process", "there is no promtool here");
else await check("promtool finds nothing to say about any process", async () => {
  for (const host of Object.values(hosts)) lint(await (await fetch(`http://${host}/metrics`)).text());
});

if (!prometheus) skip("a real Prometheus scrapes every process", "there is no prometheus here");
else await check("a real Prometheus scrapes every process", () => scraped(hosts, async (ask) => {
  const written = await ask('rpc_calls_total{neighbour="tweets",method="Write"}');
  assert.deepEqual(written.map(({ metric, value }) => [metric.process, metric.side, value[1]]).sort(),
    [["tweets", "server", "1"], ["web", "client", "1"]], "each side counts it once");
  const limited = await ask("server_limit > 0");
  assert.deepEqual(limited.map(({ metric }) => metric.process).sort(), kept);
  const [way] = await ask('neighbour_breaker_state{process="web",neighbour="tweets"}');
  assert.deepEqual([way.metric.state, way.value[1]], ["closed", "1"]);
}), 60_000);

assert.equal(await split.stop(), 0);
finish();
