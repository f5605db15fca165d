// node metrics_test.mjs PROGRAM: a real Prometheus reads what GET /metrics says, and its linter finds nothing to say about it.
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
    "event_loop_lag_seconds", "sql_queued_batches"]) says(new RegExp(`^${name} [\\d.e+-]+$`, "m"));
});

if (!promtool) skip("promtool finds nothing to say", "there is no promtool here");
else await check("promtool finds nothing to say", async () => {
  const { status, stdout, stderr } = spawnSync(promtool, ["check", "metrics"], { input: text, encoding: "utf8" });
  assert.deepEqual([status, stdout, stderr], [0, "", ""]);
});

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

if (!prometheus) skip("a real Prometheus scrapes it", "there is no prometheus here");
else await check("a real Prometheus scrapes it", async () => {
  const folder = temporary_folder();
  writeFileSync(join(folder, "prometheus.yml"),
    `global: { scrape_interval: 1s }\nscrape_configs: [{ job_name: jebi, static_configs: [{ targets: ["${new URL(jebi.url).host}"] }] }]\n`);
  const { child, url } = await started(folder);
  const ask = async (query) => (await (await fetch(`${url}/api/v1/query?query=${encodeURIComponent(query)}`)).json()).data.result;
  await eventually(async () => (await ask("up{job=\"jebi\"}"))[0]?.value[1] === "1", "the scrape");
  const [written] = await ask('rpc_calls_total{neighbour="tweets",method="Write"}');
  assert.equal(written.value[1], "1");
  assert.equal((await ask("event_loop_lag_seconds")).length, 1);
  child.kill("SIGTERM");
}, 60_000);

await jebi.stop();
finish();
