// The views but the rows: top values, visitors, latency, and the answer to SQL of one's own.
import { brief, bytes, by_id, cost_text, drawn, duration, element, grouped, say, share, shown } from "./page.js";

const bar = (part) => drawn("svg", { class: "share", width: "100%", height: 5, "aria-hidden": "true" },
  drawn("rect", { width: `${Math.min(Math.max(part, 0), 1) * 100}%`, height: 5, rx: 2.5 }));

function table(heads, rows) {
  const number = (i) => (i > 0 ? "n" : null);
  return element("table", { class: "list" },
    element("thead", {}, element("tr", {}, heads.map((head, i) => element("th", { scope: "col", class: number(i) }, head)))),
    element("tbody", {}, rows.map((cells) => element("tr", {}, cells.map((cell, i) => element("td", { class: number(i) }, cell))))));
}

// A value that filters for itself when pressed.
const value_button = (field, value, wanted) =>
  element("button", { type: "button", class: "value", "aria-label": say("filter_for", { value: brief(value) }), onclick: () => wanted(field, value, false) },
    shown(brief(value, 200)));

// {v, n, visitors?}, most frequent first.
export function top_list(field, rows, all, wanted) {
  if (rows.length === 0) return element("p", { class: "soft" }, say("no_values"));
  const with_visitors = rows[0].visitors !== undefined;
  const heads = [say("value"), say("count"), "%", ...(with_visitors ? [say("visitors")] : [])];
  return table(heads, rows.map((row) => [
    [value_button(field, row.v, wanted), bar(row.n / rows[0].n)], grouped(row.n), share(row.n, all), ...(with_visitors ? [grouped(row.visitors)] : [])]));
}

export function small_list(field, rows, filters) {
  if (rows.length === 0) return element("p", { class: "soft" }, say("no_values"));
  return element("ul", { class: "values" }, rows.map((row) =>
    element("li", {}, element("span", { class: "what" }, shown(brief(row.v, 120)), bar(row.n / rows[0].n)), element("span", { class: "n" }, grouped(row.n)),
      element("span", { class: "filters" }, filters(field, row.v)))));
}

export function facts(totals) {
  const list = [["requests", grouped(totals.requests)], ["visitors", totals.visitors === undefined ? null : grouped(totals.visitors)],
    ["bytes", totals.bytes == null ? null : bytes(totals.bytes)],
    ["failures", totals.failures === undefined ? null : `${grouped(totals.failures)} (${share(totals.failures, totals.requests) || "0 %"})`]];
  return element("dl", { class: "facts" }, list.filter(([, text]) => text !== null).map(([key, text]) =>
    element("div", {}, element("dt", {}, say(key)), element("dd", {}, text))));
}

export function latency_table(field, rows, wanted) {
  const longest = Math.max(...rows.map((row) => row.p99), 1e-9);
  return table([say("route"), say("count"), "p50", "p90", "p99", say("longest")], rows.map((row) =>
    [[value_button(field, row.v, wanted), bar(row.p99 / longest)], grouped(row.n), duration(row.p50), duration(row.p90), duration(row.p99), duration(row.most)]));
}

const answer_rows_max = 1000;

export function answer_table({ columns, rows }) {
  const cell = (value) => (value === null || value === undefined ? element("i", { class: "soft" }, "NULL") : shown(brief(value, 300)));
  return [
    element("div", { class: "wide", role: "region", tabindex: 0, "aria-label": say("rows", { count: grouped(rows.length) }) },
      element("table", { class: "list answer" },
        element("thead", {}, element("tr", {}, columns.map(({ name }) => element("th", { scope: "col" }, shown(name))))),
        element("tbody", {}, rows.slice(0, answer_rows_max).map((row) => element("tr", {}, columns.map(({ name, type }) => element("td", { class: type === "time" ? "when" : null }, cell(row[name])))))))),
    rows.length > answer_rows_max ? element("p", { class: "soft" }, say("cut", { count: grouped(answer_rows_max) })) : null,
  ];
}

// What an answer, or several together, have cost; and what could not be read.
export function tell_cost(answers) {
  const cost = { rows_read: 0, rows: 0, bytes_read: 0, ms: 0 };
  for (const answer of answers) for (const key of Object.keys(cost)) cost[key] += answer.cost?.[key] ?? 0;
  const damaged = [...new Set(answers.flatMap((answer) => answer.damaged ?? []))];
  by_id("cost").textContent = cost_text(cost) + (damaged.length ? ` ${say("damaged", { files: damaged.join("; ") })}` : "");
}
