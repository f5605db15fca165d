// The contract Trending over HTTP, the health of this program, and the way to the tweets.
import { Code, ConnectError, createClient } from "@connectrpc/connect";
import { connectNodeAdapter, createConnectTransport } from "@connectrpc/connect-node";

import { hours_max } from "./hashtags.mjs";
import { in_trace, logged, passed_on } from "./trace.mjs";

const limit_max = 40;
const limit_standard = 10;
const hours_standard = 24;
const request_bytes_max = 64 * 1024;
const reply_bytes_max = 4 * 1024 * 1024;
const asked_ms_max = 500; // of another's health
const serving = { json: JSON.stringify({ status: "SERVING" }), proto: Buffer.from([8, 1]) }; // grpc.health.v1.HealthCheckResponse

export function tweets_at(address, { Tweets }) {
  const path = address.startsWith("unix:") ? address.slice("unix:".length) : null;
  const transport = createConnectTransport({
    httpVersion: "1.1",
    baseUrl: path ? "http://jebi" : `http://${address}`,
    nodeOptions: path ? { socketPath: path } : {},
    useBinaryFormat: true,
    readMaxBytes: reply_bytes_max,
    interceptors: [passed_on],
  });
  return createClient(Tweets, transport);
}

function trending_on({ contracts: { ErrorInfo }, database }) {
  const bounded = (value, max, standard, field) => {
    if (value <= max) return value || standard;
    const info = { desc: ErrorInfo, value: { reason: "out_of_range", field } };
    throw new ConnectError(`\`${field}\` is at most ${max}.`, Code.InvalidArgument, undefined, [info]);
  };
  return {
    top: ({ limit, hours }) => {
      const most = bounded(limit, limit_max, limit_standard, "limit");
      return { hashtags: database.hashtags.top(most, bounded(hours, hours_max, hours_standard, "hours")) };
    },
  };
}

// Each call in the trace of its caller; what goes wrong inside is told to the log, not to the caller.
const traced = (next) => (request) =>
  in_trace(request.header, async () => {
    try {
      return await next(request);
    } catch (error) {
      if (error instanceof ConnectError) throw error;
      logged("error", "a call failed", { method: request.method.name, error: error.stack });
      throw new ConnectError("Something went wrong.", Code.Internal);
    }
  });

// Others' trouble is told, and does not make this program unready: it answers with what it knows.
async function readiness({ database, follower, tweets }) {
  const followed = await tweets
    .lastEvent({}, { timeoutMs: asked_ms_max })
    .then(({ sequence }) => `[+]tweets ok: ${sequence - database.position} events to go`)
    .catch((error) => `[-]tweets degraded: ${error.message}`);
  const followed_until = `at event ${database.position}${follower.trouble ? `, does not get on: ${follower.trouble}` : ""}`;
  return `[+]database ok: ${followed_until}\n${followed}\nready\n`;
}

export function handler_for(parts) {
  const call = connectNodeAdapter({
    routes: (router) => router.service(parts.contracts.Trending, trending_on(parts)),
    readMaxBytes: request_bytes_max,
    interceptors: [traced],
  });
  const text = (response, body) => response.setHeader("Content-Type", "text/plain; charset=utf-8").end(body);
  return (request, response) => {
    const [path, query] = request.url.split("?");
    if (path === "/livez") return text(response, "ok\n");
    if (path === "/readyz" && query !== "verbose") return text(response, "ok\n");
    if (path === "/readyz") return in_trace(new Headers(trace_fields(request)), () => readiness(parts).then((body) => text(response, body)));
    if (path === "/grpc.health.v1.Health/Check") return health(request, response);
    return call(request, response);
  };
}

const trace_fields = ({ headers: { traceparent = "", tracestate = "" } }) => ({ traceparent, tracestate });

function health(request, response) {
  const type = request.headers["content-type"]?.startsWith("application/json") ? "json" : "proto";
  request.resume(); // which service is asked for makes no difference: there is one
  response.setHeader("Content-Type", `application/${type}`).end(serving[type]);
}
