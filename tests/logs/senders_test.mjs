// node senders_test.mjs PROGRAM: programs that others wrote send to log-analytics what they send to the services they were
// made for, and every field comes back from a query.
import assert from "node:assert/strict";
import { execFile, spawnSync } from "node:child_process";
import { promisify } from "node:util";
import { gzipSync } from "node:zlib";

import { check, eventually, finish, skip } from "../lib/checks.mjs";
import { LogAnalytics } from "../lib/log_analytics.mjs";
import { check_with, required as require } from "../lib/packages.mjs";

const run = promisify(execFile);

const service = await LogAnalytics.start({ args: ["--syslog-listen", "127.0.0.1:0"] });

const is_installed = (command) => spawnSync("sh", ["-c", `command -v ${command}`]).status === 0;

// The one row for which that is true, without what it has no value in; ts stays only when asked for.
async function the_row(where, with_ts = false) {
  const rows = await service.query(`SELECT * FROM logs WHERE ${where}`);
  assert.equal(rows.length, 1, `one row where ${where}: ${JSON.stringify(rows)}`);
  return Object.fromEntries(Object.entries(rows[0]).filter(([name, value]) => value !== null && (with_ts || name !== "ts")));
}

// ---- The workshop's own requests ----

await check("the workshop's line of JavaScript, as it is, but for the port", async () => {
  const fetch = (address, options) => globalThis.fetch(address.replace("http://127.0.0.1:12345", service.url), options);
  function logAnalytics(req) {
    return fetch('http://127.0.0.1:12345/log', {
      method: 'POST',
      body: JSON.stringify({
        ip: req.ip,
        originalUrl: req.originalUrl,
        userID: req.user._id,
      }),
    });
  }
  const answer = await logAnalytics({ ip: "203.0.113.7", originalUrl: "/users?page=2", user: { _id: "65f0c0ffee0123456789abcd" } });
  assert.equal(answer.status, 200);
  assert.deepEqual(await the_row("userID = '65f0c0ffee0123456789abcd'"),
    { ip: "203.0.113.7", originalUrl: "/users?page=2", userID: "65f0c0ffee0123456789abcd" });
});

await check("the workshop's Postman request, by curl", async () => {
  const fields = ["Content-Type: application/json", "Cache-Control: no-cache", "Postman-Token: e7d36dc7-0578-491f-50cc-0f500c648f03"];
  const body = '{\n  "originalUrl": "test",\n  "req": "test",\n  "user": 123\n}';
  const { stdout } = await run("curl", ["-sS", "-w", "%{http_code}", ...fields.flatMap((field) => ["-H", field]), "-d", body, `${service.url}/log`]);
  assert.match(stdout, /200$/);
  assert.deepEqual(await the_row("user = 123"), { originalUrl: "test", req: "test", user: 123 });
});

// ---- OpenTelemetry ----

const otlp_resource = { "service.name": "shop", "service.version": "1.2.3" };

for (const [encoding, options] of [["http", {}], ["http", { compression: "gzip" }], ["proto", {}], ["proto", { compression: "gzip" }]]) {
  const id = `${encoding}-${options.compression ?? "plain"}`;

  await check_with(["@opentelemetry/sdk-logs", `@opentelemetry/exporter-logs-otlp-${encoding}`, "@opentelemetry/resources"],
    `OpenTelemetry's logs, ${id}`, async ({ LoggerProvider, SimpleLogRecordProcessor }, { OTLPLogExporter }, { resourceFromAttributes }) => {
      const exporter = new OTLPLogExporter({ url: `${service.url}/v1/logs`, ...options });
      const processor = LoggerProvider.length === 0 ? new SimpleLogRecordProcessor(exporter) : new SimpleLogRecordProcessor({ exporter });
      const provider = new LoggerProvider({ resource: resourceFromAttributes(otlp_resource), processors: [processor] });
      provider.getLogger("checkout", "4.5").emit({
        timestamp: new Date("2026-11-22T13:58:05.123Z"),
        severityNumber: 13,
        severityText: "WARN",
        body: "the card was refused 제비",
        attributes: { "log.id": id, "order.id": 4711, "order.total": 12.5, retried: true, tags: ["a", "b"] },
      });
      await provider.forceFlush();
      await provider.shutdown();
      assert.deepEqual(await the_row(`log.id = '${id}'`, true), {
        ts: "2026-11-22T13:58:05.123Z",
        message: "the card was refused 제비",
        severity_text: "WARN",
        severity_number: 13,
        "log.id": id,
        "order.id": 4711,
        "order.total": 12.5,
        retried: true,
        tags: '["a","b"]',
        "scope.name": "checkout",
        "scope.version": "4.5",
        ...otlp_resource,
      });
    });

  await check_with(["@opentelemetry/sdk-trace-base", `@opentelemetry/exporter-trace-otlp-${encoding}`, "@opentelemetry/resources", "@opentelemetry/api"],
    `OpenTelemetry's traces, ${id}`, async ({ BasicTracerProvider, SimpleSpanProcessor }, { OTLPTraceExporter }, { resourceFromAttributes }, api) => {
      const exporter = new OTLPTraceExporter({ url: `${service.url}/v1/traces`, ...options });
      const provider = new BasicTracerProvider({
        resource: resourceFromAttributes(otlp_resource),
        spanProcessors: [new SimpleSpanProcessor(exporter)],
      });
      const tracer = provider.getTracer("checkout");
      const start = Date.parse("2026-11-22T13:58:05.000Z");
      const parent = tracer.startSpan("POST /orders", { kind: api.SpanKind.SERVER, startTime: new Date(start), attributes: { "span.id": `${id}-parent` } });
      const child = tracer.startSpan("charge", { kind: api.SpanKind.CLIENT, startTime: new Date(start + 10) },
        api.trace.setSpan(api.ROOT_CONTEXT, parent));
      child.setAttributes({ "span.id": `${id}-child`, "card.kind": "visa", tries: 2 });
      child.addEvent("retry", { after_ms: 3 }, new Date(start + 12));
      child.setStatus({ code: api.SpanStatusCode.ERROR, message: "refused" });
      child.end(new Date(start + 35));
      parent.end(new Date(start + 40));
      await provider.forceFlush();
      await provider.shutdown();
      const above = await the_row(`span.id = '${id}-parent'`, true);
      const { events, start_ns, ...below } = await the_row(`span.id = '${id}-child'`);
      assert.equal(above.ts, "2026-11-22T13:58:05.000Z");
      assert.deepEqual([above.name, above.kind, above.duration_ms, above["otel.status_code"]], ["POST /orders", "server", 40, "unset"]);
      assert.equal(above.parent_span_id, undefined);
      assert.match(events, /"name":"retry"/);
      assert.equal(Number(start_ns), (start + 10) * 1e6);
      assert.deepEqual(below, {
        name: "charge",
        kind: "client",
        trace_id: parent.spanContext().traceId,
        span_id: child.spanContext().spanId,
        parent_span_id: parent.spanContext().spanId,
        duration_ms: 25,
        "otel.status_code": "error",
        status_message: "refused",
        "span.id": `${id}-child`,
        "card.kind": "visa",
        tries: 2,
        "scope.name": "checkout",
        ...otlp_resource,
      });
    });
}

// ---- Elasticsearch's client, Loki's senders ----

await check_with(["@elastic/elasticsearch"], "Elasticsearch's own client: bulk, and the same bulk again", async ({ Client }) => {
  const client = new Client({ node: service.url, compression: true });
  const operations = ["one", "two", "three"].flatMap((name, i) => [
    { create: { _index: "web", _id: `bulk-${name}` } },
    { "@timestamp": `2026-11-22T13:58:0${i}.500Z`, bulk_name: name, http: { status: 200 + i, path: "/users" }, tags: ["x"] },
  ]);
  for (let again = 0; again < 2; ++again) {
    const answer = await client.bulk({ operations });
    assert.equal(answer.errors, false);
    assert.deepEqual(answer.items.map((item) => item.create.status), [201, 201, 201]);
  }
  const helped = await client.helpers.bulk({ datasource: [{ bulk_name: "helped" }], onDocument: () => ({ index: { _index: "web" } }) });
  assert.deepEqual([helped.successful, helped.failed], [1, 0]);
  await client.close();
  const { _index, event_id, ...row } = await the_row("bulk_name = 'three'", true);
  assert.deepEqual([_index, event_id], ["web", "web/bulk-three"]);
  assert.deepEqual(row, { ts: "2026-11-22T13:58:02.500Z", "@timestamp": "2026-11-22T13:58:02.500Z", bulk_name: "three",
    "http.status": 202, "http.path": "/users", tags: '["x"]' });
  assert.equal(await service.count("bulk_name = 'helped'"), 1);
});

await check_with(["winston", "winston-loki"], "winston's transport for Loki", async (winston, LokiTransport) => {
  const transport = new LokiTransport({ host: service.url, json: true, batching: false, labels: { app: "shop" }, format: winston.format.json() });
  const logger = winston.createLogger({ transports: [transport] });
  logger.warn({ message: "low stock", item: 4711, labels: { shelf: "a7" } });
  await eventually(async () => (await service.count("app = 'shop'")) === 1, "the line's arrival");
  const row = await the_row("app = 'shop'");
  // It sends what is in the line as metadata too, as texts.
  assert.deepEqual([row.shelf, row.level, row.message, row.item, row.item_extracted], ["a7", "warn", "low stock", 4711, "4711"]);
  logger.close();
});

await check("Loki's push as Grafana's agents make it, with gzip", async () => {
  const push = { streams: [{
    stream: { job: "nginx", filename: "/var/log/nginx/access.log" },
    values: [["1795355885123456789", "GET /users 200"], ["1795355886123456789", '{"path":"/x","code":500}', { trace_id: "abc" }]],
  }] };
  const { status, text } = await service.post("/loki/api/v1/push", gzipSync(JSON.stringify(push)), { "Content-Type": "application/json", "Content-Encoding": "gzip" });
  assert.equal(status, 204, text);
  const labels = { job: "nginx", filename: "/var/log/nginx/access.log" };
  assert.deepEqual(await the_row("job = 'nginx' AND message = 'GET /users 200'", true),
    { ts: new Date(1795355885123).toISOString(), ...labels, message: "GET /users 200" });
  assert.deepEqual(await the_row("job = 'nginx' AND code = 500"), { ...labels, path: "/x", code: 500, trace_id: "abc" });
});

// ---- syslog ----

for (const [protocol, transport] of [["tcp", "-T"], ["udp", "-d"]]) {
  for (const format of ["rfc5424", "rfc3164"]) {
    const what = `logger (util-linux) by ${protocol.toUpperCase()}, ${format}`;
    if (!is_installed("logger")) {
      skip(what, "there is no logger");
      continue;
    }
    await check(what, async () => {
      const text = `the disk of ${protocol} ${format} is warm`;
      const more = format === "rfc5424" ? ["--msgid", "TEMP", "--sd-id", "disk@4711", "--sd-param", 'name="sda"'] : [];
      await run("logger", ["-n", "127.0.0.1", "-P", String(service.syslog[protocol]), transport, `--${format}`, "-p", "daemon.warning",
        "-t", "thermo", "--id=123", ...more, text]);
      await eventually(async () => (await service.count(`message = '${text}'`)) === 1, "the message's arrival");
      const { host, ...row } = await the_row(`message = '${text}'`);
      assert.ok(host, "it says which machine it is from");
      for (const name of Object.keys(row).filter((found) => found.startsWith("timeQuality."))) delete row[name];
      assert.deepEqual(row, { severity: "warning", facility: "daemon", app: "thermo", pid: "123", message: text,
        ...(format === "rfc5424" ? { msgid: "TEMP", "disk@4711.name": "sda" } : {}) });
    });
  }
}

await check("it ends cleanly", async () => assert.equal(await service.stop(), 0));
finish();
