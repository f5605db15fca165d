// Questions to the service. What it refuses is thrown as an Error with its message.
import { say } from "./page.js";
import { token_fields } from "./token.js";

// An integer that JavaScript's numbers cannot hold stays as it was written, as a text.
const read = (json) => JSON.parse(json, (key, value, at) => (Number.isInteger(value) && !Number.isSafeInteger(value) && at?.source ? at.source : value));

async function answered(response) {
  const body = await response.text();
  let answer = null;
  try {
    answer = read(body);
  } catch {
    // Told below.
  }
  if (answer?.error) throw Object.assign(new Error(answer.error.message), { code: answer.error.code });
  if (!response.ok || answer === null) throw new Error(body.slice(0, 300) || `HTTP ${response.status}`);
  return answer;
}

async function asked(address, options) {
  try {
    return await answered(await fetch(address, { ...options, headers: { ...options?.headers, ...token_fields() } }));
  } catch (error) {
    throw error instanceof TypeError ? new Error(say("unreachable")) : error;
  }
}

// {columns, rows, cost, damaged, cut}
export const query = (sql, signal) => asked("/query?format=json", { method: "POST", body: sql, signal });
export const fields = async (signal) => (await asked("/fields", { signal })).fields;
export const stats = () => asked("/stats");
export const send = (event) => asked("/log", { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(event) });
// The search as a SQL condition; empty when it asks for nothing.
export const condition = async (search, signal) =>
  search.trim() === "" ? "" : (await asked(`/where?q=${encodeURIComponent(search)}`, { signal })).where;

const again_ms_first = 500, again_ms_max = 10_000;

// Follows new rows that match the search until the signal, the latest `last` before them. `row` is told each, `lost` when
// the line is cut (it is then tried again) and when the service has complained.
export async function follow(search, last, signal, row, lost) {
  for (let pause = again_ms_first; !signal.aborted; pause = Math.min(pause * 2, again_ms_max)) {
    try {
      const response = await fetch(`/tail?q=${encodeURIComponent(search)}&last=${last}`, { signal, headers: token_fields() });
      if (!response.ok) await answered(response);
      last = 0; // a second time they would be told again
      const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
      let rest = "";
      for (let piece = await reader.read(); !piece.done; piece = await reader.read()) {
        pause = again_ms_first;
        const events = (rest + piece.value).split("\n\n");
        rest = events.pop();
        for (const event of events) {
          if (event.startsWith("data: ")) row(read(event.slice("data: ".length)));
        }
      }
    } catch (error) {
      if (signal.aborted) return;
      lost(error instanceof TypeError ? "" : error.message);
    }
    if (!signal.aborted) await new Promise((done) => setTimeout(done, pause));
  }
}
