// The explorer: a search, a time range, and views of the rows that match. The address says it all (address.js).
import { address_of, fixed, range_at, read } from "./address.js";
import * as ask from "./ask.js";
import { Chart, step_for } from "./chart.js";
import { Completion, term } from "./complete.js";
import { show_empty } from "./empty.js";
import * as lists from "./lists.js";
import { by_id, copied, element, grouped, roles, say, tabs, time } from "./page.js";
import { Rows } from "./rows.js";
import * as sql from "./sql.js";
import { Tail } from "./tail.js";
import { ask_for_token, has_token, listen_for_token } from "./token.js";

const page_rows = 100, export_rows = 100_000;
const live_range_ms = 900_000, live_chart_every_ms = 2_000;
const shortest_ms = 1_000; // of a time range

let state = read();
let fields = [], players = {}, players_of = ""; // which field plays which role
let now = Date.now(), bounds = null; // {first, last} of all rows; null when not asked yet
let condition = "", range = null; // what runs now
let running = new AbortController();
let open_fields = new Set();

const chart = new Chart((from, to) => go({ range: fixed(from, Math.max(to, from + shortest_ms)), live: false }));
const rows = new Rows(filter);
const tail = new Tail(filter, () => (live_chart_due = true));
const completion = new Completion(() => fields, async (field, begin) =>
  (await ask.query(sql.values_like(field, begin, (...more) => sql.where("", range_at(state.range, Date.now()), ...more)))).rows);
const select_view = tabs(by_id("views"), (tab) => go({ view: tab.dataset.view, live: false }));
let live_chart_due = false;
setInterval(() => live_chart_due && state.live && !(live_chart_due = false) && show_chart().catch(told), live_chart_every_ms);

function go(change, replace = false) {
  state = { ...state, ...change };
  history[replace ? "replaceState" : "pushState"](null, "", address_of(state));
  run();
}

function filter(field, value, is_not) {
  const wanted = term(field, value, is_not);
  if (wanted === null) return;
  const q = state.q.includes(wanted) ? state.q : `${state.q} ${wanted}`.trim();
  go({ q, view: state.view === "sql" ? "rows" : state.view, sql: "" });
}

const role = (name) => players[name];
const from_of = (...more) => sql.where(condition, range, ...more);
const query = (text) => ask.query(text, running.signal);

// Applications call the same thing by different names; where there are several, the one that most rows have counts.
async function cast() {
  const of = fields.map(({ name, kinds }) => name + kinds).join();
  if (of === players_of) return;
  const all = Object.fromEntries(Object.entries(roles).map(([name, role]) => [name, sql.candidates(role, fields)]));
  const rivals = [...new Set(Object.values(all).filter((some) => some.length > 1).flat())];
  const { rows: [row] } = rivals.length ? await query(sql.counts(rivals)) : { rows: [{}] };
  const rows_with = (field) => row[`c${rivals.indexOf(field)}`] ?? 0;
  players = Object.fromEntries(Object.entries(all).map(([name, some]) => [name, some.sort((a, b) => rows_with(b) - rows_with(a))[0] ?? null]));
  players_of = of;
}

function told(error) {
  if (error.name === "AbortError") return;
  by_id("trouble").textContent = error.message;
  by_id("trouble").hidden = false;
  if (["token_needed", "unknown_token"].includes(error.code)) ask_for_token();
}

// Asks for everything that the state shows; what was asked before is given up.
async function run() {
  running.abort();
  running = new AbortController();
  const { signal } = running;
  show_state();
  try {
    [fields, condition] = await Promise.all([ask.fields(signal), search_condition(signal)]);
    await cast();
    now = Date.now();
    range = state.live ? { from: now - live_range_ms, to: now } : range_at(state.range, now);
    if (!state.live) by_id("sql").value = state.sql || rows_sql(page_rows);
    show_links();
    show_fields();
    if (state.live) tail.start(state.q);
    await Promise.all([show_chart(), state.live ? null : views[state.view]()]);
    by_id("trouble").hidden = true;
  } catch (error) {
    told(error);
  } finally {
    if (signal === running.signal) by_id("view").removeAttribute("aria-busy");
  }
}

async function search_condition(signal) {
  by_id("search-error").textContent = "";
  try {
    return await ask.condition(state.q, signal);
  } catch (error) {
    if (error.name !== "AbortError") by_id("search-error").textContent = error.message;
    throw new DOMException("", "AbortError");
  }
}

function show_state() {
  by_id("q").value = state.q;
  by_id("q").removeAttribute("aria-invalid");
  const preset = [...by_id("range").options].some(({ value }) => value === state.range);
  by_id("range").value = preset ? state.range : "custom";
  show_custom(!preset);
  by_id("live").setAttribute("aria-pressed", state.live);
  select_view(by_id(`tab-${state.view}`));
  by_id("view").setAttribute("aria-labelledby", `tab-${state.view}`);
  by_id("view").setAttribute("aria-busy", "true");
  by_id("sql-form").hidden = state.view !== "sql";
  by_id("older-row").hidden = true;
  by_id("lang").href = address_of(state, { lang: by_id("lang").lang });
  if (!state.live) tail.stop();
}

// The fields of a form know local times without a zone.
const local = (ms) => new Date(ms - new Date(ms).getTimezoneOffset() * 60_000).toISOString().slice(0, 19);
function show_custom(is_shown) {
  by_id("custom").hidden = !is_shown;
  const shown_range = is_shown && range_at(state.range, Date.now());
  if (!shown_range) return;
  by_id("from").value = local(shown_range.from);
  by_id("to").value = local(shown_range.to);
}

const rows_sql = (limit, offset) => sql.rows(from_of(), limit, offset);
const shown_sql = (limit) => (state.view === "sql" ? by_id("sql").value : rows_sql(limit));

function show_links() {
  for (const format of ["jsonl", "csv"]) {
    by_id(`export-${format}`).href = `/query?format=${format}&q=${encodeURIComponent(shown_sql(export_rows))}`;
  }
}

// The whole time that there are rows of, with a bar's room behind.
async function all_time() {
  const { rows: [row] } = await query(sql.bounds);
  bounds = row.n > 0 ? { first: Date.parse(row.first), last: Date.parse(row.last) } : null;
  return bounds ? { from: bounds.first, to: Math.max(bounds.last + 1, bounds.first + shortest_ms) } : { from: now - shortest_ms, to: now };
}

async function show_chart() {
  if (state.live) range = { from: Date.now() - live_range_ms, to: Date.now() + 1 };
  const seen = range ?? (await all_time()), step = step_for(seen);
  const answer = await query(sql.histogram(from_of(), step, role("status"), role("level")));
  const all = chart.show(answer.rows, seen, step);
  by_id("count").textContent = all === 1 ? say("rows_one") : say("rows", { count: grouped(all) });
  if (all === 0 && !state.live) await show_nothing();
}

async function show_nothing() {
  await all_time();
  if (!bounds || range === null || state.q || state.view === "sql") return;
  by_id("result").replaceChildren(element("p", {}, say("no_rows_here", { time: time(bounds.last) })),
    element("button", { type: "button", class: "button small", onclick: () => go({ range: "all" }) }, say("show_all")));
}

const views = {
  async rows() {
    const answer = await query(rows_sql(page_rows));
    lists.tell_cost([answer]);
    by_id("older-row").hidden = answer.rows.length < page_rows;
    if (answer.rows.length === 0) return by_id("result").replaceChildren(element("p", { class: "soft" }, say("no_rows")));
    by_id("result").replaceChildren(rows.show(answer.rows));
  },

  async visitors() {
    const address = role("address");
    const shown_roles = ["page", "address", "status", "agent", "referer", "user"].filter((name) => role(name));
    if (!address && !role("page")) return by_id("result").replaceChildren(element("p", { class: "soft" }, say("no_visits")));
    const [totals, ...answers] = await Promise.all([query(sql.totals(from_of(), { address, bytes: role("bytes"), status: role("status") })),
      ...shown_roles.map((name) => query(sql.top(role(name), from_of, name === "address" ? null : address)))]);
    lists.tell_cost([totals, ...answers]);
    by_id("result").replaceChildren(lists.facts(totals.rows[0]), element("div", { class: "grid" }, shown_roles.map((name, i) =>
      element("section", {}, element("h3", {}, say(name)), lists.top_list(role(name).name, answers[i].rows, totals.rows[0].requests, filter)))));
  },

  async latency() {
    const latency = role("latency"), route = role("route");
    if (!latency || !route) return by_id("result").replaceChildren(element("p", { class: "soft" }, say("no_latency")));
    const answer = await query(sql.latencies(from_of, latency, route));
    lists.tell_cost([answer]);
    by_id("result").replaceChildren(answer.rows.length ? lists.latency_table(route.name, answer.rows, filter) : element("p", { class: "soft" }, say("no_rows")));
  },

  async sql() {
    by_id("sql-error").textContent = "";
    try {
      const answer = await query(by_id("sql").value);
      lists.tell_cost([answer]);
      by_id("result").replaceChildren(...lists.answer_table(answer).filter(Boolean));
    } catch (error) {
      if (error.name === "AbortError") throw error;
      by_id("sql-error").textContent = error.message;
      by_id("result").replaceChildren();
      by_id("cost").textContent = "";
    }
  },
};

function show_fields() {
  const list = fields.filter(({ name }) => name !== "ts").map((field) => {
    const inside = element("div", { class: "inside" });
    const details = element("details", { open: open_fields.has(field.name) },
      element("summary", {}, element("bdi", {}, field.name), element("small", {}, field.kinds.join(", "))), inside);
    details.addEventListener("toggle", () => {
      if (!details.open) return open_fields.delete(field.name);
      open_fields.add(field.name);
      query(sql.top(field, from_of, null)).then((answer) =>
        inside.replaceChildren(lists.small_list(field.name, answer.rows, (name, value) => rows.filters(name, value))), told);
    });
    return details;
  });
  by_id("fields").replaceChildren(...list);
}

// Around the middle, `factor` times as long, moved by `part` of its length.
async function zoom(factor, part) {
  const seen = range ?? (await all_time()), length = Math.max((seen.to - seen.from) * factor, shortest_ms);
  const middle = (seen.from + seen.to) / 2 + (seen.to - seen.from) * part;
  go({ range: fixed(middle - length / 2, middle + length / 2), live: false });
}

function listen() {
  by_id("search").addEventListener("submit", (event) => {
    event.preventDefault();
    completion.close();
    go({ q: by_id("q").value.trim(), sql: "", view: state.view === "sql" ? "rows" : state.view });
  });
  by_id("range").addEventListener("change", async ({ target: { value } }) => {
    if (value !== "custom") return go({ range: value, live: false });
    const seen = range ?? (await all_time());
    go({ range: fixed(seen.from, seen.to), live: false });
  });
  for (const id of ["from", "to"]) {
    by_id(id).addEventListener("change", () => {
      const from = Date.parse(by_id("from").value), to = Date.parse(by_id("to").value);
      if (to > from) go({ range: fixed(from, to) });
    });
  }
  by_id("live").addEventListener("click", () => go({ live: !state.live, view: "rows", sql: "" }));
  for (const [id, factor, part] of [["zoom-in", 0.5, 0], ["zoom-out", 2, 0], ["earlier", 1, -0.5], ["later", 1, 0.5]]) {
    by_id(id).addEventListener("click", () => zoom(factor, part).catch(told));
  }
  by_id("sql-form").addEventListener("submit", (event) => {
    event.preventDefault();
    go({ sql: by_id("sql").value });
  });
  by_id("sql").addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) by_id("sql-form").requestSubmit();
  });
  by_id("sql").addEventListener("input", show_links);
  by_id("older").addEventListener("click", async () => {
    const answer = await query(rows_sql(page_rows, rows.body.querySelectorAll("tr:not(.opened)").length)).catch(told);
    if (!answer) return;
    rows.add(answer.rows);
    by_id("older-row").hidden = answer.rows.length < page_rows;
  });
  by_id("copy-link").addEventListener("click", async () => say_copied(await copied(location.href)));
  by_id("copy-curl").addEventListener("click", async () => say_copied(await copied(curl())));
  addEventListener("popstate", () => {
    state = read();
    run();
  });
}

const curl = () => `curl ${has_token() ? '-H "Authorization: Bearer $TOKEN" ' : ""}'${location.origin}/query?format=jsonl' --data-binary '${shown_sql(page_rows).replaceAll("'", `'\\''`)}'`;
function say_copied(text) {
  by_id("said").textContent = text;
  setTimeout(() => (by_id("said").textContent = ""), 2000);
}

function show_explorer() {
  by_id("explorer").hidden = false;
  if (matchMedia("(max-width: 860px)").matches) by_id("fields-all").open = false;
  listen();
  // A link that changes the language is no state of its own.
  if (new URLSearchParams(location.search).has("lang")) history.replaceState(null, "", address_of(state));
  run();
}

listen_for_token();
try {
  await all_time();
  if (bounds) show_explorer();
  else show_empty(show_explorer);
} catch (error) {
  told(error);
}
