// What the page shows, as its address says: ?q=&range=&view=&sql=&live=. A range is a length up to now ("24h"),
// "all", or two ISO times with ".." between them.

const unit_ms = { m: 60_000, h: 3_600_000, d: 86_400_000 };
export const range_standard = "24h";
const views = ["rows", "visitors", "latency", "sql"];
const text_max = 8000; // beyond, an address is no longer one that can be sent

export function read() {
  const given = new URLSearchParams(location.search);
  const range = given.get("range") ?? range_standard;
  return {
    q: given.get("q") ?? "",
    range: range === "all" || length_of(range) || fixed_of(range) ? range : range_standard,
    view: views.includes(given.get("view")) ? given.get("view") : "rows",
    sql: given.get("sql") ?? "",
    live: given.get("live") === "1",
  };
}

export function address_of(state, more = {}) {
  const parts = new URLSearchParams();
  if (state.q) parts.set("q", state.q);
  if (state.range !== range_standard) parts.set("range", state.range);
  if (state.view !== "rows") parts.set("view", state.view);
  if (state.sql && state.view === "sql" && state.sql.length <= text_max) parts.set("sql", state.sql);
  if (state.live) parts.set("live", "1");
  for (const [name, value] of Object.entries(more)) parts.set(name, value);
  const text = parts.toString();
  return text ? `?${text}` : "/";
}

const length_of = (range) => {
  const found = /^(\d{1,4})([mhd])$/.exec(range);
  return found ? Number(found[1]) * unit_ms[found[2]] : 0;
};
function fixed_of(range) {
  const [from, to] = range.split("..").map((time) => Date.parse(time));
  return to > from ? { from, to } : null;
}

export const fixed = (from, to) => `${new Date(Math.round(from)).toISOString()}..${new Date(Math.round(to)).toISOString()}`;

// {from, to} in milliseconds; null for all time.
export function range_at(range, now) {
  if (range === "all") return null;
  const length = length_of(range);
  return length ? { from: now - length, to: now } : fixed_of(range);
}
