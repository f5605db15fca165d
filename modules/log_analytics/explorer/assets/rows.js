// Rows as a table whose rows open to all their fields.
import { term } from "./complete.js";
import { brief, element, row_time, say, shown } from "./page.js";

const columns_max = 5;
const cell_chars_max = 300;
// What tells most about a row comes first; then what most rows have.
const useful = ["level", "severity", "severity_text", "status", "http.response.status_code", "method", "message", "msg", "body", "name", "originalUrl",
  "path", "url", "route", "duration_ms", "latency_ms", "service", "service.name", "ip", "user", "userID", "error"];
const narrow = new Set(["level", "severity", "severity_text", "status", "http.response.status_code", "method", "duration_ms", "latency_ms"]);
const hidden = new Set(["ts", "event_id", "trace_id", "span_id", "parent_span_id", "start_ns"]);

function columns_of(rows) {
  const counts = new Map();
  for (const row of rows) for (const field of Object.keys(row)) if (!hidden.has(field)) counts.set(field, (counts.get(field) ?? 0) + 1);
  const rank = (field) => (useful.includes(field) ? useful.indexOf(field) : useful.length);
  const common = [...counts].filter(([, n]) => n * 5 >= rows.length);
  const chosen = common.sort(([a, m], [b, n]) => rank(a) - rank(b) || n - m).slice(0, columns_max).map(([field]) => field);
  return chosen.sort((a, b) => rank(a) - rank(b));
}

const look_of = (field, value) => {
  if (field === "status" && value >= 500) return "bad";
  if (field === "status" && value >= 400) return "warn";
  if (/^(err|error|fatal|crit|critical|alert|emerg|panic)$/i.test(value) && narrow.has(field)) return "bad";
  return /^warn(ing)?$/i.test(value) && narrow.has(field) ? "warn" : "";
};

// `wanted(field, value, is_not)` is told when somebody filters for a value, or filters it out.
export class Rows {
  constructor(wanted) {
    this.wanted = wanted;
  }

  show(rows) {
    this.columns = columns_of(rows);
    this.body = element("tbody");
    this.add(rows);
    const head = [say("time"), ...this.columns].map((name, i) => element("th", { scope: "col", class: i === 0 ? "when" : narrow.has(name) ? "narrow" : null }, i === 0 ? name : shown(name)));
    return element("table", { class: "rows" }, element("thead", {}, element("tr", {}, head)), this.body);
  }

  add(rows) {
    this.body.append(...rows.map((row) => this.#row(row)));
  }
  // Newest first, at most so many.
  put_before(rows, most) {
    this.body.prepend(...rows.map((row) => this.#row(row)));
    while (this.body.rows.length > most) this.body.lastChild.remove();
  }

  #row(row) {
    const when = row_time(Date.parse(row.ts));
    const button = element("button", { type: "button", class: "open", "aria-expanded": "false", "aria-label": say("open_row", { time: when }) }, when);
    const is_told = this.columns.some((field) => row[field] !== undefined && row[field] !== null);
    const cells = is_told ? this.columns.map((field) => this.#cell(field, row[field])) : this.#summary(row);
    const line = element("tr", {}, element("td", { class: "when" }, button), cells);
    const toggle = () => {
      const is_open = button.getAttribute("aria-expanded") === "true";
      button.setAttribute("aria-expanded", !is_open);
      if (is_open) line.nextSibling.remove();
      else line.after(element("tr", { class: "opened" }, element("td", { colspan: this.columns.length + 1 }, this.#fields(row))));
    };
    line.addEventListener("click", (event) => (event.target.closest("a") || String(getSelection()) ? null : toggle()));
    return line;
  }

  // Of a row that has none of the columns: its first fields with their names.
  #summary(row) {
    const parts = Object.entries(row).filter(([field, value]) => !hidden.has(field) && value !== null).slice(0, columns_max)
      .flatMap(([field, value]) => [element("span", { class: "soft" }, shown(brief(field)), " "), shown(brief(value)), "  "]);
    return element("td", { colspan: this.columns.length }, parts);
  }

  #cell(field, value) {
    if (value === undefined || value === null) return element("td");
    return element("td", { class: `${look_of(field, value)} ${narrow.has(field) ? "narrow" : ""}` }, shown(brief(value, cell_chars_max)));
  }

  #fields(row) {
    const list = element("dl", { class: "fields" });
    for (const [field, value] of Object.entries(row)) {
      if (value === null) continue;
      const link = field === "trace_id" ? element("a", { href: `/traces/${encodeURIComponent(value)}` }, say("trace")) : null;
      list.append(element("div", {}, element("dt", {}, shown(field)),
        element("dd", {}, shown(value), link ? " " : null, link), field === "ts" ? null : element("dd", { class: "filters" }, this.filters(field, value))));
    }
    return list;
  }

  filters(field, value) {
    if (term(field, value) === null) return [];
    return [["+", "filter_for", false], ["−", "filter_out", true]].map(([sign, key, is_not]) => {
      const label = say(key, { value: `${brief(field)} ${brief(value)}` });
      return element("button", { type: "button", class: "square small", "aria-label": label, title: label, onclick: () => this.wanted(field, value, is_not) }, sign);
    });
  }
}
