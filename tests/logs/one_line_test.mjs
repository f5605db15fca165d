// The one line in the whole program: whatever becomes of the log service, no request of a person fails or waits for
// it, and what people did arrives in the end, each event once by its id.
import assert from "node:assert/strict";

import { Api } from "../lib/api.mjs";
import { check, eventually, finish } from "../lib/checks.mjs";
import { Jebi, run, temporary_folder } from "../lib/jebi.mjs";
import { LogAnalytics } from "../lib/log_analytics.mjs";
import { ScriptedLog } from "./scripted_log.mjs";

const log = await ScriptedLog.start();
const start = (more = {}) => Jebi.start({ environment: { JEBI_LOG_ANALYTICS_URL: log.url, JEBI_LOG_ANALYTICS_TOKEN: "a-token" }, ...more });
let jebi = await start();

// Each visit has a number of its own in its address, by which its event is known again.
let visits = 0;
const address_of = (number) => `/userslist?page=${number}`;

// Visits as fast as they are answered, from `clients` at once, until the time is up or jebi is. What was answered, in order.
async function visit_for(ms, clients = 4) {
  const answered = [];
  const end = performance.now() + ms;
  const one_client = async () => {
    while (performance.now() < end) {
      const number = ++visits;
      const began = performance.now();
      const { status } = await fetch(jebi.url + address_of(number), { signal: AbortSignal.timeout(5_000) });
      answered.push({ number, status, took_ms: performance.now() - began, at: performance.now() });
    }
  };
  await Promise.allSettled(Array.from({ length: clients }, one_client));
  return answered;
}

const p99 = (answered) => answered.map(({ took_ms }) => took_ms).sort((a, b) => a - b)[Math.floor(answered.length * 0.99)];

// All of these visits have arrived, each with one event id only.
async function arrived(answered) {
  const ids = new Map();
  let looked_at = 0;
  const missing = () => {
    for (; looked_at < log.events.length; ++looked_at) {
      const { originalUrl, event_id } = log.events[looked_at];
      ids.set(originalUrl, (ids.get(originalUrl) ?? new Set()).add(event_id));
    }
    return answered.filter(({ number }) => !ids.has(address_of(number))).length;
  };
  await eventually(() => missing() === 0, "the arrival of all visits", 20_000);
  for (const { number } of answered) assert.equal(ids.get(address_of(number)).size, 1, `one event for visit ${number}`);
}

async function metric(name) {
  const text = await (await fetch(`${jebi.url}/metrics`)).text();
  return Number(new RegExp(`^${name} (\\S+)$`, "m").exec(text)?.[1] ?? NaN);
}

await check("a visit is told within a second, with all that is known of it", async () => {
  const me = await new Api(jebi.url).sign_up("sehyun");
  await fetch(`${jebi.url}/users/sehyun?page=1&token=secret`, {
    headers: { Cookie: `jebi=${me.token}`, "User-Agent": "a test", Referer: "https://example.org/a?b=c" },
  });
  const seen = () => log.events.find(({ route }) => route === "/users/{name}");
  await eventually(seen, "the arrival of the visit", 1_000);
  const { event_id, trace_id, ts, latency_ms, userID, ...rest } = seen();
  assert.deepEqual(rest, {
    service: "jebi", ip: "127.0.0.1", method: "GET", originalUrl: "/users/sehyun?page=1", route: "/users/{name}", status: 200,
    user: "sehyun", user_agent: "a test", referer: "https://example.org/a",
  });
  assert.match(event_id, /^[0-9a-f]{32}$/);
  assert.match(trace_id, /^[0-9a-f]{32}$/);
  assert.match(userID, /^[0-9]+$/);
  assert.ok(Math.abs(Date.now() - Date.parse(ts)) < 10_000);
  assert.ok(latency_ms > 0 && latency_ms < 5_000);
  assert.equal(log.requests.at(-1).fields.authorization, "Bearer a-token");
});

const wrongs = {
  down: [() => log.close(), () => log.open()],
  silent: [() => (log.mode = "silent")],
  garbage: [() => (log.mode = "garbage")],
  "answering 500": [() => (log.mode = 500)],
  "answering 503": [() => (log.mode = 503)],
  "closing in the middle of its answers": [() => (log.mode = "cut")],
};
for (const [wrong, [begin, end = () => {}]] of Object.entries(wrongs)) {
  await check(`with the service ${wrong}: no visit fails or slows, and all arrive when it is well again`, async () => {
    // Taken in turns, so that what else the machine does meets both.
    const well = [], ill = [];
    for (let turn = 0; turn < 2; ++turn) {
      well.push(...(await visit_for(600)));
      await begin();
      ill.push(...(await visit_for(900)));
      log.mode = "takes";
      await end();
    }
    for (const { number, status } of [...well, ...ill]) assert.equal(status, 200, `visit ${number}`);
    await arrived([...well, ...ill]);
    console.log(`    ${well.length + ill.length} visits; p99 ${p99(well).toFixed(1)} ms with the service well, ${p99(ill).toFixed(1)} ms with it ${wrong}`);
    assert.ok(p99(ill) < 2 * p99(well) + 30, "visits do not wait for the log");
    assert.equal(await metric("log_lines_dropped_total"), 0);
    assert.equal(await metric("log_lines_refused_total"), 0);
  }, 60_000);
}

await check("after kill -9 and a restart, what was in the spool arrives", async () => {
  await log.close();
  const answered = await visit_for(500);
  await eventually(async () => (await metric("log_queue_lines")) === 0, "an empty queue");
  await jebi.kill();
  await log.open();
  jebi = await start({ data: jebi.data });
  await arrived(answered);
});

await check("kill -9 under load loses nothing that is older than two seconds", async () => {
  log.mode = "silent";
  const load = visit_for(4_000);
  await new Promise((resolve) => setTimeout(resolve, 3_500));
  const killed_at = performance.now();
  await jebi.kill();
  const answered = await load;
  log.mode = "takes";
  jebi = await start({ data: jebi.data });
  const old = answered.filter(({ at }) => at < killed_at - 2_000);
  assert.ok(old.length > 100, `${old.length} visits were enough`);
  await arrived(old);
}, 60_000);

await check("a clean stop sends or keeps everything at once", async () => {
  const sent = await visit_for(300);
  assert.equal(await jebi.stop(), 0);
  await arrived(sent);
  await log.close();
  jebi = await start({ data: jebi.data });
  const kept = await visit_for(300);
  assert.equal(await jebi.stop(), 0);
  await log.open();
  jebi = await start({ data: jebi.data });
  await arrived(kept);
});

await check("/analytics shows what the log says, and says so when it is away", async () => {
  log.answers = { "SELECT count()": '{"visits":"4321"}\n' };
  const page = async () => {
    const answer = await fetch(`${jebi.url}/analytics`, { headers: { "Accept-Language": "en" } });
    assert.equal(answer.status, 200);
    return answer.text();
  };
  assert.match(await page(), /<dd>4,321<\/dd>/);
  await log.close();
  await eventually(async () => /The visit log is away/.test(await page()), "the notice");
  await log.open();
  await eventually(async () => /<dd>4,321<\/dd>/.test(await page()), "the figure");
});

await check("without a URL nobody is told and nothing is kept; a wrong URL is refused at the start", async () => {
  const quiet = await Jebi.start({ environment: { JEBI_LOG_ANALYTICS_URL: "" } });
  assert.equal((await fetch(`${quiet.url}/analytics?nobody-is-told`)).status, 200);
  assert.equal(await quiet.stop(), 0);
  assert.equal(log.requests.filter(({ body }) => body.includes("nobody-is-told")).length, 0);
  const { code, err } = await run(["up", "--data", temporary_folder(), "--listen", "127.0.0.1:0", "--log-analytics-url", "ftp://a"]);
  assert.equal(code, 2);
  assert.match(err, /log_analytics\.url.*http:\/\/127\.0\.0\.1:12345/);
});

await check("with the real service killed under load again and again, every visit is in it exactly once", async () => {
  await jebi.stop();
  let service = await LogAnalytics.start();
  jebi = await Jebi.start({ environment: { JEBI_LOG_ANALYTICS_URL: service.url } });
  const load = visit_for(4_000);
  for (let i = 0; i < 4; ++i) {
    const taken = (await service.query("SELECT count() AS rows FROM logs"))[0].rows;
    await eventually(async () => (await service.query("SELECT count() AS rows FROM logs"))[0].rows > taken,
      "visits that are delivered", 20_000);
    service = await service.killed_and_restarted();
  }
  const answered = await load;
  assert.ok(answered.every(({ status }) => status === 200));
  assert.equal(await jebi.stop(), 0);
  jebi = await Jebi.start({ data: jebi.data, environment: { JEBI_LOG_ANALYTICS_URL: service.url } });
  await eventually(async () => (await metric("log_spool_bytes")) === 0, "an empty spool", 20_000);
  const [{ visits }] = await service.query("SELECT count() AS visits FROM logs WHERE service = 'jebi' AND route = '/userslist'");
  const [{ pages }] = await service.query("SELECT uniq(originalUrl) AS pages FROM logs WHERE service = 'jebi' AND route = '/userslist'");
  assert.equal(Number(visits), answered.length);
  assert.equal(Number(pages), answered.length);
  console.log(`    ${answered.length} visits, all of them once`);
  await service.stop();
}, 60_000);

await check("jebi ends cleanly", async () => assert.equal(await jebi.stop(), 0));
await log.close();
finish();
