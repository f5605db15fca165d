// Which request a piece of work belongs to (W3C Trace Context): it comes with a call, is on every line of the log, and goes on with
// the calls that the work makes.
import { AsyncLocalStorage } from "node:async_hooks";
import { randomBytes } from "node:crypto";

const current = new AsyncLocalStorage();
const hex = (bytes) => randomBytes(bytes).toString("hex");

// Runs the work in the trace of the one who asks, or, without one that can be read, in a new one.
export function in_trace(headers, work) {
  const [, id, flags] = /^00-(?!0{32})([0-9a-f]{32})-(?!0{16})[0-9a-f]{16}-([0-9a-f]{2})$/.exec(headers.get("traceparent") ?? "") ?? [];
  const state = id ? headers.get("tracestate") : null;
  return current.run({ id: id ?? hex(16), flags: flags ?? "00", state }, work);
}
export const new_trace = (work) => in_trace(new Headers(), work);

// For clients: gives the trace on, with a span of its own; what others have put into `tracestate` goes on untouched.
export const passed_on = (next) => (request) => {
  const trace = current.getStore();
  if (trace) {
    request.header.set("traceparent", `00-${trace.id}-${hex(8)}-${trace.flags}`);
    if (trace.state) request.header.set("tracestate", trace.state);
  }
  return next(request);
};

// A line of JSON on stderr.
export function logged(level, message, fields = {}) {
  console.error(JSON.stringify({ ts: new Date().toISOString(), level, service: "trending", message, ...fields, trace: current.getStore()?.id }));
}
