// SQL for what the page shows. Names and texts are quoted here and nowhere else.

const quoted = (text, quote) => quote + text.replace(/[\\`']/g, (c) => (c === "\\" || c === quote ? `\\${c}` : c)) + quote;
const plain = /^[a-z_]\w*$/i;
const words = new Set(("all and any anywhere as asc between by case desc distinct else end explain false first format from group having if ilike in " +
  "interval is last like limit not null nulls offset or order select then true when where").split(" "));
export const name = (field) => (plain.test(field) && !words.has(field.toLowerCase()) ? field : quoted(field, "`"));
export const text = (value) => quoted(value, "'");
export const instant = (ms) => text(new Date(ms).toISOString());

const is_number = (kind) => kind === "integer" || kind === "number";

// The fields that may play the role (roles.cpp has the table), among {name, kinds}.
export const candidates = (role, fields) =>
  role.fields.map((name) => fields.find((field) => field.name === name)).filter((field) => field && (!role.number || field.kinds.some(is_number)));
export const counts = (fields) => `SELECT ${fields.map((field, i) => `count(${name(field.name)}) AS c${i}`).join(", ")} FROM logs`;
export const number = (field) => (field.kinds.every(is_number) ? name(field.name) : `toFloat64(${name(field.name)})`);

// What all queries of a view share: the search and the time range.
export function where(condition, range, ...more) {
  const parts = [...more];
  if (range) parts.push(`ts >= ${instant(range.from)} AND ts < ${instant(range.to)}`);
  if (condition) parts.push(`(${condition})`);
  return parts.length ? `\nWHERE ${parts.join("\n  AND ")}` : "";
}

export const rows = (from, limit, offset = 0) =>
  `SELECT *\nFROM logs${from}\nORDER BY ts DESC\nLIMIT ${limit}${offset ? ` OFFSET ${offset}` : ""}`;

// Counts by time and class; the status' hundreds as "s", the level as "l".
export function histogram(from, step_ms, status, level) {
  const classes = [status && `floor(${number(status)} / 100) AS s`, level && `${name(level.name)} AS l`].filter(Boolean);
  const names = ["t", ...classes.map((each) => each.at(-1))];
  return `SELECT ${[`toStartOfInterval(ts, INTERVAL ${step_ms / 1000} SECOND) AS t`, ...classes, "count() AS n"].join(", ")}
FROM logs${from}\nGROUP BY ${names.join(", ")}\nORDER BY t\nLIMIT 20000`;
}

export function top(field, from_of, address, limit = 10) {
  const visitors = address ? `, uniq(${name(address.name)}) AS visitors` : "";
  return `SELECT ${name(field.name)} AS v, count() AS n${visitors}
FROM logs${from_of(`${name(field.name)} IS NOT NULL`)}\nGROUP BY v\nORDER BY n DESC\nLIMIT ${limit}`;
}

export function totals(from, { address, bytes, status }) {
  const more = [
    address && `uniq(${name(address.name)}) AS visitors`,
    bytes && `sum(${number(bytes)}) AS bytes`,
    status && `countIf(${number(status)} >= 500) AS failures`,
  ].filter(Boolean);
  return `SELECT ${["count() AS requests", ...more].join(", ")}\nFROM logs${from}`;
}

export function latencies(from_of, latency, route) {
  const x = number(latency), r = name(route.name);
  return `SELECT ${r} AS v, count() AS n, quantile(0.5)(${x}) AS p50, quantile(0.9)(${x}) AS p90,
  quantile(0.99)(${x}) AS p99, max(${x}) AS most
FROM logs${from_of(`${x} IS NOT NULL`, `${r} IS NOT NULL`)}\nGROUP BY v\nORDER BY n DESC\nLIMIT 50`;
}

export const values_like = (field, begin, from_of) =>
  `SELECT ${name(field.name)} AS v, count() AS n
FROM logs${from_of(begin ? `startsWith(toString(${name(field.name)}), ${text(begin)})` : `${name(field.name)} IS NOT NULL`)}
GROUP BY v ORDER BY n DESC LIMIT 10`;

export const bounds = "SELECT count() AS n, min(ts) AS first, max(ts) AS last FROM logs";
