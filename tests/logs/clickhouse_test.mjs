// node clickhouse_test.mjs PROGRAM [QUERIES] [SEED]: what log-analytics answers, ClickHouse answers.
//
// Random rows in both, and random queries, letter by letter the same: of the part of the language that ClickHouse has
// had since its release 18.16 (Debian's). SQLite is asked about the rest (modules/log_analytics/query/oracle_test.cpp).
import assert from "node:assert/strict";

import { check, finish, random_from, skip } from "../lib/checks.mjs";
import { LogAnalytics } from "../lib/log_analytics.mjs";
import { ClickHouse } from "./clickhouse.mjs";

const queries = Number(process.argv[3] ?? 1000);
const seed = Number(process.argv[4] ?? Math.floor(Math.random() * 2 ** 32));
const rows_count = 3000;
const begin_s = 1_795_348_800;
const all_ms_max = 240_000;

if (!ClickHouse.is_installed()) {
  skip("ClickHouse as an oracle", "it is not installed: apt-get install --no-install-recommends clickhouse-server");
  finish();
}
console.log(`logs/clickhouse: ${queries} queries, seed ${seed}`);

const random = random_from(seed);
const below = (bound) => Math.floor(random() * bound);
const one_in = (count) => below(count) === 0;
const of = (items) => items[below(items.length)];

// ---- Rows: word, id, small and exact always have a value; maybe and note may have none ----

const words = ["error", "Error", "warn", "info", "", "제비", "제비 날다", "a%b", "a_b", "x.y*z", "it's"];

function row(i) {
  const event = {
    ts: new Date((begin_s + Math.floor(i / 3) * 7) * 1000).toISOString(),
    word: of(words), id: `id${below(700)}`, small: below(9) - 3, exact: (below(400) - 100) / 4,
  };
  if (!one_in(4)) event.maybe = below(2000) - 1000;
  if (!one_in(4)) event.note = of(words);
  return event;
}
const rows = Array.from({ length: rows_count }, (_, i) => row(i));

const table = "CREATE TABLE logs (ts DateTime('UTC'), word String, id String, small Int64, exact Float64, " +
  "maybe Nullable(Int64), note Nullable(String)) ENGINE = MergeTree PARTITION BY toYYYYMMDD(ts) ORDER BY ts";
const as_lines = (events) => events.map((event) => JSON.stringify(event)).join("\n");
const with_seconds = (event) => ({ ...event, ts: event.ts.slice(0, 19).replace("T", " ") });

// ---- Queries ----

const literal = (text) => `'${text.replaceAll("'", "\\'")}'`;
const time = () => of(["toStartOfMinute(ts)", "toStartOfHour(ts)"]);

function integer(depth) {
  switch (below(depth > 0 ? 7 : 3)) {
    case 0: return String(below(20) - 8);
    case 1: return "small";
    case 2: return "maybe";
    case 3: return `(${integer(depth - 1)} ${of(["+", "-", "*"])} ${integer(depth - 1)})`;
    case 4: return `length(${text(depth - 1)})`;
    case 5: return `if(${condition(depth - 1)}, small, ${integer(0)})`;
    default: return `(small % ${1 + below(6)})`;
  }
}

function text(depth) {
  switch (below(depth > 0 ? 7 : 3)) {
    case 0: return "word";
    case 1: return "id";
    case 2: return "note";
    case 3: return `lower(${text(depth - 1)})`;
    case 4: return `concat(word, ${literal(of(words))}, id)`;
    case 5: return `substring(id, ${1 + below(4)}, ${1 + below(4)})`;
    default: return "toString(small)";
  }
}

// Of what always has a value, where the two agree on what NOT and IN make of NULL.
function condition(depth) {
  switch (below(depth > 0 ? 9 : 6)) {
    case 0: return `small ${of(["=", "!=", "<", "<=", ">", ">="])} ${below(9) - 3}`;
    case 1: return `word ${of(["=", "!=", "<", ">="])} ${literal(of(words))}`;
    case 2: return `${of(["word", "id"])} ${of(["LIKE", "NOT LIKE"])} ${literal(of(["%r%", "id1_", "%제비%", "_rror", "a\\\\%b", "%7", ""]))}`;
    case 3: return `word ${of(["IN", "NOT IN"])} (${[of(words), of(words), of(words)].map(literal).join(", ")})`;
    case 4: return `position(concat(word, id), ${literal(of(["r", "id1", "제", "날다"]))}) > 0`;
    case 5: return `match(id, ${literal(of(["^id[0-4]", "7$", "[13579][02468]", "d(1|22)"]))})`;
    case 6: return `(${condition(depth - 1)} AND ${condition(depth - 1)})`;
    case 7: return `(${condition(depth - 1)} OR ${condition(depth - 1)})`;
    default: return `NOT (${condition(depth - 1)})`;
  }
}

function where() {
  const kinds = [
    () => "", () => ` WHERE ${condition(2)}`, () => ` WHERE ${condition(1)}`,
    () => ` WHERE maybe ${of(["<", ">", "="])} ${below(400) - 200}`, () => ` WHERE note ${of(["=", "!="])} ${literal(of(words))}`,
    () => ` WHERE maybe IS ${of(["", "NOT "])}NULL AND ${condition(1)}`,
    () => ` WHERE ts >= '${with_seconds(of(rows)).ts}' AND ${condition(1)}`,
  ];
  return of(kinds)();
}

function measure() {
  switch (below(12)) {
    case 0: return "count()";
    case 1: return `count(${of(["maybe", "note", "word"])})`;
    case 2: return `countIf(${condition(1)})`;
    case 3: return `sum(${integer(1)})`;
    case 4: return `sum(if(${condition(1)}, small, 0))`;
    case 5: return `avg(${of(["small", "exact", "maybe"])})`;
    case 6: return `min(${of(["small", "exact", "word", "id", "maybe"])})`;
    case 7: return `max(${of(["small", "exact", "word", "id", "note"])})`;
    case 8: return `uniqExact(${of(["id", "word", "small"])})`;
    case 9: return `quantile(${of([0.5, 0.9, 0.99])})(${of(["small", "exact"])})`;
    case 10: return `quantileExact(${of([0.25, 0.5, 0.95])})(${of(["small", "exact"])})`;
    default: return "sum(exact)";
  }
}

// Ordered by all of their columns: then both have the same first rows.
function ordered(columns) {
  const order = columns.map((_, i) => `c${i}${of(["", " DESC"])}`).join(", ");
  return ` ORDER BY ${order} LIMIT ${1 + below(40)}${one_in(3) ? ` OFFSET ${below(10)}` : ""}`;
}
const named = (columns) => columns.map((column, i) => `${column} AS c${i}`).join(", ");

function plain() {
  const columns = Array.from({ length: 1 + below(3) }, () => of([() => integer(2), () => text(2), time, () => "exact"])());
  return `SELECT ${one_in(3) ? "DISTINCT " : ""}${named(columns)} FROM logs${where()}${ordered(columns)}`;
}

function grouped() {
  const keys = Array.from({ length: below(3) }, () => of([() => "word", () => "id", () => "small", () => text(1), time, () => "note"])());
  const columns = [...keys, ...Array.from({ length: 1 + below(3) }, measure)];
  const by = keys.length ? ` GROUP BY ${keys.map((_, i) => `c${i}`).join(", ")}` : "";
  // Of no rows at all ClickHouse's sum is 0, and ours NULL.
  const having = keys.length === 0 ? " HAVING count() > 0" : one_in(3) ? ` HAVING count() > ${below(6)}` : "";
  return `SELECT ${named(columns)} FROM logs${where()}${by}${having}${keys.length ? ordered(columns) : ""}`;
}

// ---- The comparison ----

// Times as seconds, numbers to twelve digits: sums of them are added in another order.
function shown(value) {
  if (typeof value === "number") return (value === 0 ? 0 : value).toPrecision(12);
  const moment = /^(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d:\d\d)(\.000)?Z?$/.exec(value ?? "");
  return moment ? `${moment[1]} ${moment[2]}` : value;
}
const comparable = (answer) => answer.map((row) => Object.values(row).map(shown));

const [ours, theirs] = await Promise.all([LogAnalytics.start({ args: ["--store-tail-rows-max", "1000"] }), ClickHouse.start()]);

await check("both take the rows", async () => {
  assert.equal((await ours.post("/log", as_lines(rows))).status, 200);
  await theirs.ask(table);
  await theirs.ask(`INSERT INTO logs FORMAT JSONEachRow\n${as_lines(rows.map(with_seconds))}`);
  assert.deepEqual(await ours.query("SELECT count() AS n FROM logs"), await theirs.query("SELECT count() AS n FROM logs"));
});

await check(`${queries} random queries of seed ${seed} have the same answers`, async () => {
  let with_rows = 0;
  for (let i = 0; i < queries; ++i) {
    const sql = one_in(3) ? plain() : grouped();
    const [our_answer, their_answer] = await Promise.all([ours.query(sql), theirs.query(sql)]);
    assert.deepEqual(comparable(our_answer), comparable(their_answer), sql);
    if (our_answer.length > 0) ++with_rows;
  }
  assert.ok(with_rows > queries / 2, `only ${with_rows} had rows`);
}, all_ms_max);

await check("it ends cleanly", async () => assert.equal(await ours.stop(), 0));

finish();
