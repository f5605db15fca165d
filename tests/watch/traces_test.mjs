// node traces_test.mjs PROGRAM: what one request did is found in log-analytics, by any OTLP receiver, and by `jebi trace`.
import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import http from "node:http";

import { Api } from "../lib/api.mjs";
import { check, eventually, finish } from "../lib/checks.mjs";
import { Jebi, run } from "../lib/jebi.mjs";
import { LogAnalytics } from "../lib/log_analytics.mjs";
import { check_with, required } from "../lib/packages.mjs";

const new_trace = () => ({ id: randomBytes(16).toString("hex"), span: randomBytes(8).toString("hex") });
const traceparent = ({ id, span }, flags) => ({ traceparent: `00-${id}-${span}-${flags}` });

const service = await LogAnalytics.start();
// Nothing is sampled but what its sender has sampled, and nothing is slow.
const jebi = await Jebi.start({
  environment: { JEBI_LOG_ANALYTICS_URL: service.url, JEBI_TRACES_SAMPLED_PERCENT: "0", JEBI_TRACES_SLOW_MS: "60000" },
});
const environment = { JEBI_LOG_ANALYTICS_URL: service.url };

// Visits are told to log-analytics, too, and carry the trace; they are no spans.
const spans_of = (id) => service.query(`SELECT * FROM logs WHERE trace_id = '${id}' AND span_id IS NOT NULL ORDER BY ts`);

async function kept_spans(id) {
  let spans = [];
  await eventually(async () => (spans = await spans_of(id)).some((span) => span.kind === "server"), `the spans of ${id}`);
  return spans;
}

const sampled = new_trace();

await check("a sampled request is a tree of spans, each below the one that caused it", async () => {
  const answer = await fetch(`${jebi.url}/userslist`, { headers: { ...traceparent(sampled, "01"), Accept: "text/html" } });
  assert.equal(answer.status, 200);
  const spans = await kept_spans(sampled.id);
  const root = spans.find((span) => span.kind === "server");
  assert.equal(root.name, "GET /userslist");
  assert.equal(root.parent_span_id, sampled.span, "its parent is the caller's span");
  assert.deepEqual([root["http.request.method"], root["http.route"], root["url.path"], root["http.response.status_code"]],
    ["GET", "/userslist", "/userslist", 200]);
  const calls = spans.filter((span) => span !== root);
  assert.ok(calls.length > 0, "the page asks modules");
  const ids = new Set(spans.map((span) => span.span_id));
  assert.equal(ids.size, spans.length, "no two spans have the same id");
  for (const call of calls) {
    assert.ok(ids.has(call.parent_span_id), `${call.name}: its parent ${call.parent_span_id} is among the spans`);
    assert.match(call.name, /^jebi\.[a-z]+\.v1\.[A-Z]\w+\/[A-Z]\w+$/);
    assert.equal(call.name, call["rpc.method"]);
    assert.equal(call.kind, "internal", "it is served in the same process");
    assert.ok(Number(call.start_ns) + call.duration_ms * 1e6 <= Number(root.start_ns) + root.duration_ms * 1e6 + 2e6, `${call.name} ends in time`);
  }
  for (const span of spans) {
    assert.equal(span["service.name"], "jebi");
    assert.match(span["service.version"], /^\d+\.\d+\.\d+$/);
    assert.match(span["service.instance.id"], /^[0-9a-f]{32}$/);
  }
});

await check("a trace that its sender did not sample is not kept", async () => {
  const quiet = new_trace(), after = new_trace();
  await fetch(`${jebi.url}/userslist`, { headers: traceparent(quiet, "00") });
  await fetch(`${jebi.url}/userslist`, { headers: traceparent(after, "01") });
  await kept_spans(after.id);  // what came before has arrived, too
  assert.deepEqual(await spans_of(quiet.id), []);
});

await check("jebi trace draws the waterfall, without colours where there is no terminal", async () => {
  const { code, out, err } = await run(["trace", sampled.id], { environment });
  assert.equal(code, 0, err);
  const lines = out.trimEnd().split("\n");
  assert.match(lines[0], new RegExp(`^trace ${sampled.id}  \\d{4}-\\d\\d-\\d\\d .* \\d+ spans, 0 failed$`));
  assert.match(lines[1], /^SERVICE +SPAN +AFTER +TOOK/);
  assert.match(lines[2], /^jebi +GET \/userslist \(its parent is missing\) +(-|[\d.]+ us) +[\d.]+ (us|ms|s) +[#█]+$/);
  assert.match(lines[3], /^jebi +jebi\.\w+\.v1\.\w+\/\w+ .*[#█]$/);
  assert.ok(lines[3].indexOf("jebi.") > lines[2].indexOf("GET"), "what it caused stands further in");
  assert.ok(!out.includes("\x1b"));
});

await check("jebi trace says what is wrong: no id, no such trace, nobody to ask", async () => {
  const bad = await run(["trace", "nonsense"], { environment });
  assert.equal(bad.code, 2);
  assert.match(bad.err, /32 hex digits/);
  const unknown = await run(["trace", "0".repeat(31) + "1"], { environment });
  assert.equal(unknown.code, 1);
  assert.match(unknown.err, /knows no span/);
  const nobody = await run(["trace", sampled.id], { environment: { JEBI_LOG_ANALYTICS_URL: "http://127.0.0.1:1" } });
  assert.notEqual(nobody.code, 0);
  assert.match(nobody.err, /Is log-analytics running at http:\/\/127\.0\.0\.1:1\?/);
});

await check("a visit is still a line with a status that is a number, and stands in its trace", async () => {
  let visit;
  await eventually(async () => ([visit] = await service.query(`SELECT status FROM logs WHERE trace_id = '${sampled.id}' AND service = 'jebi'`)).length === 1, "the visit");
  assert.equal(visit.status, 200);
  const page = await fetch(`${service.url}/traces/${sampled.id}`, { headers: { Accept: "text/html" } });
  assert.equal(page.status, 200);
  assert.match(await page.text(), /GET \/userslist/);
});

await check("what is slow is kept although nobody sampled it", async () => {
  const slow = await Jebi.start({
    environment: { JEBI_LOG_ANALYTICS_URL: service.url, JEBI_TRACES_SAMPLED_PERCENT: "0", JEBI_TRACES_SLOW_MS: "1" },
  });
  await new Api(slow.url).sign_up("haneul");  // a password is hashed
  await eventually(async () => (await service.count("name = 'jebi.accounts.v1.Accounts/SignUp'")) > 0, "the slow call's span");
  await slow.stop();
});

// ---- Receivers that others wrote ----

// Takes what is posted; `spans` are those of all requests.
async function receiver() {
  const bodies = [];
  const server = http.createServer((request, answer) => {
    let text = "";
    request.setEncoding("utf8");
    request.on("data", (piece) => (text += piece));
    request.on("end", () => {
      bodies.push({ path: request.url, type: request.headers["content-type"], body: JSON.parse(text) });
      answer.setHeader("Content-Type", "application/json");
      answer.end("{}");
    });
  });
  await new Promise((listening) => server.listen(0, "127.0.0.1", listening));
  const spans = () => bodies.flatMap(({ body }) => body.resourceSpans.flatMap((one) => one.scopeSpans.flatMap((scope) => scope.spans)));
  return { url: `http://127.0.0.1:${server.address().port}/v1/traces`, bodies, spans, close: () => server.close() };
}

// Which members a document has, with the types of their values: "resourceSpans[].resource.attributes[].key: string".
function shape(value, path = "", found = new Set()) {
  if (Array.isArray(value)) value.forEach((item) => shape(item, `${path}[]`, found));
  else if (value && typeof value === "object") Object.entries(value).forEach(([name, item]) => shape(item, `${path}.${name}`, found));
  else found.add(`${path}: ${typeof value}`);
  return found;
}

await check_with(["@opentelemetry/sdk-trace-base", "@opentelemetry/exporter-trace-otlp-http", "@opentelemetry/resources", "@opentelemetry/api"],
  "what is sent has the form that OpenTelemetry's own exporter sends", async ({ BasicTracerProvider, SimpleSpanProcessor }, { OTLPTraceExporter }, { resourceFromAttributes }, api) => {
    const ours = await receiver(), theirs = await receiver();
    const provider = new BasicTracerProvider({
      resource: resourceFromAttributes({ "service.name": "jebi" }),
      spanProcessors: [new SimpleSpanProcessor(new OTLPTraceExporter({ url: theirs.url }))],
    });
    const tracer = provider.getTracer("jebi", "1");
    const parent = tracer.startSpan("GET /", { kind: api.SpanKind.SERVER });
    const child = tracer.startSpan("call", { attributes: { text: "a", count: 2 } }, api.trace.setSpan(api.ROOT_CONTEXT, parent));
    child.setStatus({ code: api.SpanStatusCode.ERROR, message: "no" });
    child.end();
    parent.end();
    await provider.shutdown();

    const sender = await Jebi.start({ environment: { JEBI_TRACES_URL: ours.url, JEBI_TRACES_SAMPLED_PERCENT: "100" } });
    await fetch(`${sender.url}/userslist`);
    await eventually(() => ours.spans().some((span) => span.kind === 2), "the request's span");
    await sender.stop();

    assert.equal(ours.bodies[0].path, "/v1/traces");
    assert.equal(ours.bodies[0].type, "application/json");
    const known = shape(theirs.bodies.map(({ body }) => body));
    known.add("[].resourceSpans[].scopeSpans[].spans[].attributes[].value.intValue: string");  // OTLP/JSON allows both
    for (const member of shape(ours.bodies.map(({ body }) => body))) assert.ok(known.has(member), `OpenTelemetry's exporter knows no ${member}`);
    for (const span of ours.spans()) {
      assert.match(span.traceId, /^[0-9a-f]{32}$/);
      assert.match(span.spanId, /^[0-9a-f]{16}$/);
      assert.ok(BigInt(span.endTimeUnixNano) >= BigInt(span.startTimeUnixNano));
    }
    ours.close();
    theirs.close();
  });

await check_with(["@opentelemetry/semantic-conventions"],
  "every attribute has a name of OpenTelemetry's semantic conventions, and none that is deprecated there", async (stable) => {
    const incubating = required("@opentelemetry/semantic-conventions/incubating");
    const receiving = await receiver();
    const sender = await Jebi.start({ environment: { JEBI_TRACES_URL: receiving.url, JEBI_TRACES_SAMPLED_PERCENT: "100" } });
    await fetch(`${sender.url}/userslist`);
    await eventually(() => receiving.spans().some((span) => span.kind === 2), "the request's span");
    await sender.stop();
    const names_of = (conventions) => new Set(Object.entries(conventions).filter(([name]) => name.startsWith("ATTR_")).map(([, value]) => value));
    const known = names_of(stable), soon = names_of(incubating);
    const used = new Set(receiving.bodies.flatMap(({ body }) => body.resourceSpans).flatMap((one) => [
      ...one.resource.attributes, ...one.scopeSpans.flatMap((scope) => scope.spans.flatMap((span) => span.attributes))]).map(({ key }) => key));
    assert.ok(used.has("http.route") && used.has("rpc.method") && used.has("service.instance.id"), [...used].join(" "));
    for (const name of used) assert.ok(known.has(name) || (name === "server.service.name" && soon.has(name)), `${name} is no stable name`);
    receiving.close();
  });

await check("spans that find nobody are counted, and cost no request", async () => {
  const lonely = await Jebi.start({ environment: { JEBI_TRACES_URL: "http://127.0.0.1:1/v1/traces", JEBI_TRACES_SAMPLED_PERCENT: "100" } });
  for (let i = 0; i < 20; ++i) assert.equal((await fetch(`${lonely.url}/userslist`)).status, 200);
  await eventually(async () => /^spans_lost_total [1-9]/m.test(await (await fetch(`${lonely.url}/metrics`)).text()), "spans that are given up", 30_000);
  assert.equal(await lonely.stop(), 0);
});

await jebi.stop();
await service.stop();
finish();
