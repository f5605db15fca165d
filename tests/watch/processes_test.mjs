// node processes_test.mjs PROGRAM: `jebi status`, `jebi map`, `jebi trace`, /metrics and health checks over the processes of a topology.
import assert from "node:assert/strict";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import http from "node:http";
import { join } from "node:path";

import { Api } from "../lib/api.mjs";
import { check, eventually, finish } from "../lib/checks.mjs";
import { Jebi, root, run, temporary_folder } from "../lib/jebi.mjs";
import { LogAnalytics } from "../lib/log_analytics.mjs";

const service = await LogAnalytics.start();
const data = temporary_folder();
const file = join(temporary_folder(), "split.toml");
const split = readFileSync(join(root, "topologies/split.toml"), "utf8");
writeFileSync(file, split.slice(0, split.indexOf("[process.log-analytics]")).replace("127.0.0.1:3000", "127.0.0.1:0"));
const environment = { JEBI_LOG_ANALYTICS_URL: service.url };
const jebi = await Jebi.start({ data, args: [file, `--log-analytics-url=${service.url}`] });
const api = await new Api(jebi.url).sign_up("bora");
await api.post("/api/v1/tweets", { text: "from one process to the other" });

const processes = async () => JSON.parse((await run(["status", "--json", "--data", data])).out).processes;
const control_of = (name) => readdirSync(join(data, "run")).find((socket) => socket.startsWith(`${name}.`) && socket.endsWith(".control"));
const named = async (name) => (await processes()).find((one) => one.name === name);
// What the process says at one of its sockets: GET, or POST with a body.
const at_socket = (socket, path, body) => new Promise((done, failed) => {
  const options = { socketPath: join(data, "run", socket), path, method: body ? "POST" : "GET", headers: body ? { "Content-Type": "application/json" } : {} };
  http.request(options, (answer) => {
    let text = "";
    answer.on("data", (piece) => (text += piece));
    answer.on("end", () => done({ status: answer.statusCode, text }));
  }).on("error", failed).end(body && JSON.stringify(body));
});

await check("status has a row for each process, and tells what guards each way", async () => {
  const all = await processes();
  assert.deepEqual(all.map(({ name }) => name).sort(), ["accounts", "follows", "messages", "notifications", "search", "timelines", "tweets", "web"]);
  const web = await named("web"), tweets = await named("tweets");
  const way = web.neighbours.find(({ name }) => name === "tweets");
  assert.deepEqual([way.caller, way.here, way.breaker, way.in_flight_max, way.endpoints.length], ["web", false, "closed", 64, 1]);
  assert.ok(way.retries_left > 0 && way.endpoints[0].calls > 0 && !way.endpoints[0].ejected, JSON.stringify(way));
  assert.ok(tweets.limit.in_flight_max >= 8, JSON.stringify(tweets.limit));
  assert.ok(tweets.work.per_second > 0 && tweets.database_bytes > 0);
  assert.match((await run(["map", "--data", data])).out, /^web +-> +tweets .* closed$/m);
});

await check("one trace has the spans of every process that a request went through, each below the one that caused it", async () => {
  const id = "4bf92f3577b34da6a3ce929d0e0e4736";
  await fetch(`${jebi.url}/users/bora`, { headers: { traceparent: `00-${id}-00f067aa0ba902b7-01` } });
  const services = ["web", "accounts", "tweets", "follows"];
  let spans = [];
  await eventually(async () => {
    spans = await service.query(`SELECT * FROM logs WHERE trace_id = '${id}' AND span_id IS NOT NULL`);
    return services.every((name) => spans.some((span) => span["service.name"] === name));
  }, "the spans of four processes");
  await eventually(async () => {
    spans = await service.query(`SELECT * FROM logs WHERE trace_id = '${id}' AND span_id IS NOT NULL`);
    const ids = new Set(spans.map(({ span_id }) => span_id));
    return spans.filter(({ parent_span_id }) => !ids.has(parent_span_id)).length === 1;
  }, "all but the root to have their parents");
  for (const span of spans.filter((one) => one["service.name"] !== "web")) {
    const parent = spans.find(({ span_id }) => span_id === span.parent_span_id);
    assert.deepEqual([span.kind, parent.kind, parent["service.name"]], ["server", "client", "web"], span.name);
  }
  const { out } = await run(["trace", id], { environment });
  for (const name of services) assert.match(out, new RegExp(`^${name} `, "m"));
});

await check("each process tells Prometheus of its ways and of what it takes in", async () => {
  const pid = (await named("web")).pid;
  const web = await (await fetch(`${jebi.url}/metrics`)).text();
  assert.ok(/^neighbour_breaker_state\{neighbour="tweets",state="closed"\} 1$/m.test(web) && /^rpc_calls_total\{.*neighbour="tweets".*side="client"\} [1-9]/m.test(web), `web (${pid})`);
  const { text: tweets } = await at_socket(control_of("tweets"), "/metrics");
  assert.ok(/^server_limit \d+$/m.test(tweets) && /^rpc_calls_total\{.*method="Write".*side="server"\} 1$/m.test(tweets), "tweets");
});

await check("gRPC's health check answers where the contracts are, of those that the process keeps", async () => {
  const health_of = async (service) => {
    const { status, text } = await at_socket("tweets.sock", "/grpc.health.v1.Health/Check", { service });
    return [status, JSON.parse(text)];
  };
  for (const service of ["", "jebi.tweets.v1.Tweets"]) assert.deepEqual(await health_of(service), [200, { status: "SERVING" }], service);
  const [status, { code }] = await health_of("jebi.follows.v1.Follows");
  assert.deepEqual([status, code], [404, "not_found"], "it only calls that one");
  const { text } = await at_socket("tweets.sock", "/readyz?verbose");
  assert.match(text, /^ready\n\[\+\]database ok\n/);
  for (const neighbour of ["accounts", "follows"]) assert.match(text, new RegExp(`^\\[\\+\\]${neighbour} ok$`, "m"));
});

await check("a process that was killed is back, and status tells how often", async () => {
  const { pid } = await named("search");
  process.kill(pid, "SIGKILL");
  await eventually(async () => {
    const search = await named("search");
    return search && search.pid !== pid && search.health === "ready";
  }, "search to be back");
  assert.match((await run(["status", "--data", data])).out, /^search: restarted once; its last end: killed by signal 9$/m);
});

assert.equal(await jebi.stop(), 0);
await service.stop();

await check("each of several processes with the same module has a row of its own, once", async () => {
  const mixture = await Jebi.start({ by: "web-and-the-rest" });
  const { out } = await run(["status", "--data", mixture.data]);
  assert.deepEqual(out.match(/^\S+ +(?:web|rest|log-analytics)\S* +\d+ .*$/gm).map((line) => line.split(/ +/)[0]).sort(),
    ["accounts", "log-analytics", "web", "web"], out);
  const { processes: all } = JSON.parse((await run(["status", "--json", "--data", mixture.data])).out);
  assert.equal(new Set(all.map(({ pid }) => pid)).size, 4);
  assert.equal(await mixture.stop(), 0);
});
finish();
