// Rows over time as stacked bars; dragging over them chooses a part of the time.
import { by_id, drawn, element, grouped, say, time, time_within } from "./page.js";

const height = 112;
const steps_s = [1, 5, 10, 30, 60, 300, 600, 900, 1800, 3600, 10_800, 21_600, 43_200, 86_400, 604_800, 2_592_000, 31_536_000];
const bars_max = 80;

// Of the steps the shortest that needs no more than `bars_max` bars.
export const step_for = (range) => (steps_s.find((step) => (range.to - range.from) / (step * 1000) <= bars_max) ?? steps_s.at(-1)) * 1000;

// From calm to alarming, the order in which they are stacked.
const classes = ["plain", "ok", "moved", "warn", "bad"];
const level_class = { trace: "plain", debug: "plain", info: "ok", information: "ok", notice: "ok", warn: "warn", warning: "warn", error: "bad", err: "bad",
  fatal: "bad", critical: "bad", crit: "bad", alert: "bad", emerg: "bad", emergency: "bad", panic: "bad" };
const status_class = { 1: ["1xx", "plain"], 2: ["2xx", "ok"], 3: ["3xx", "moved"], 4: ["4xx", "warn"], 5: ["5xx", "bad"] };

function kind_of(row) {
  if (status_class[row.s]) return status_class[row.s];
  if (row.l === undefined || row.l === null) return [say("other"), "plain"];
  const level = String(row.l).toLowerCase();
  return Object.hasOwn(level_class, level) ? [level, level_class[level]] : [say("other"), "plain"];
}

export class Chart {
  constructor(chosen) {
    this.box = by_id("chart");
    this.chosen = chosen;
    this.shown = null;
    new ResizeObserver(() => this.shown && this.box.clientWidth !== this.width && this.draw()).observe(this.box);
    this.box.addEventListener("pointerdown", (event) => this.#drag(event));
  }

  show(rows, range, step) {
    const bars = new Map(), kinds = new Map();
    for (const row of rows) {
      const at = Date.parse(row.t), [kind, look] = kind_of(row);
      if (!bars.has(at)) bars.set(at, new Map());
      bars.get(at).set(kind, (bars.get(at).get(kind) ?? 0) + row.n);
      const before = kinds.get(kind);
      kinds.set(kind, { look, n: (before?.n ?? 0) + row.n });
    }
    const order = [...kinds].sort(([a, x], [b, y]) => classes.indexOf(x.look) - classes.indexOf(y.look) || (a < b ? -1 : 1));
    this.shown = { bars, order, range, step, all: rows.reduce((sum, row) => sum + row.n, 0) };
    this.draw();
    return this.shown.all;
  }

  draw() {
    const { bars, order, range, step, all } = this.shown;
    this.width = this.box.clientWidth;
    const first = Math.floor(range.from / step) * step, places = Math.max(1, Math.ceil((range.to - first) / step));
    this.scale = { first, places, step };
    const sum = (bar) => [...bar.values()].reduce((a, b) => a + b, 0);
    const most = Math.max(1, ...[...bars.values()].map(sum)), wide = this.width / places;
    const picture = drawn("svg", { width: this.width, height, role: "img",
      "aria-label": say("chart", { count: grouped(all), from: time(range.from), to: time(range.to) }) });
    for (const [at, bar] of bars) picture.append(this.#bar(at, bar, order, most, wide));
    this.box.replaceChildren(picture, element("span", { class: "most", "aria-hidden": "true" }, grouped(most)));
    this.#legend(order, range);
  }

  #bar(at, bar, order, most, wide) {
    const group = drawn("g", {}, drawn("title", {}, `${time(at)}\n${order.filter(([kind]) => bar.has(kind)).map(([kind]) => `${kind}: ${grouped(bar.get(kind))}`).join("\n")}`));
    let top = height;
    for (const [kind, { look }] of order) {
      const tall = ((bar.get(kind) ?? 0) / most) * (height - 8);
      if (tall === 0) continue;
      top -= Math.max(tall, 1);
      group.append(drawn("rect", { class: `c-${look}`, x: ((at - this.scale.first) / this.scale.step) * wide + 0.5, y: Math.max(top, 0),
        width: Math.max(wide - (wide > 4 ? 1.5 : 0.3), 0.7), height: Math.max(tall, 1) }));
    }
    return group;
  }

  #legend(order, range) {
    by_id("legend").replaceChildren(...order.map(([kind, { look, n }]) =>
      element("li", {}, element("span", { class: `dot c-${look}` }), `${kind} `, element("b", {}, grouped(n)))));
    const ticks = this.width < 500 ? 3 : 5, span = range.to - range.from;
    by_id("ticks").replaceChildren(...Array.from({ length: ticks }, (_, i) => element("span", {}, time_within(range.from + (span * i) / (ticks - 1), span))));
  }

  #time_at(x) {
    const { first, places, step } = this.scale, { from, to } = this.shown.range;
    return Math.min(Math.max(first + (x / this.width) * places * step, from), to);
  }

  #drag(event) {
    if (event.button !== 0 || !this.shown) return;
    const left = this.box.getBoundingClientRect().left, begin = event.clientX - left;
    const mark = drawn("rect", { class: "mark", y: 0, height });
    this.box.firstChild.append(mark);
    this.box.setPointerCapture(event.pointerId);
    const moved = ({ clientX }) => {
      const x = Math.min(Math.max(clientX - left, 0), this.width);
      mark.setAttribute("x", Math.min(begin, x));
      mark.setAttribute("width", Math.abs(x - begin));
    };
    const ended = ({ type, clientX }) => {
      this.box.removeEventListener("pointermove", moved);
      for (const end of ["pointerup", "pointercancel"]) this.box.removeEventListener(end, ended);
      mark.remove();
      const x = clientX - left;
      if (type === "pointerup" && Math.abs(x - begin) > 4) this.chosen(this.#time_at(Math.min(begin, x)), this.#time_at(Math.max(begin, x)));
    };
    this.box.addEventListener("pointermove", moved);
    for (const end of ["pointerup", "pointercancel"]) this.box.addEventListener(end, ended);
  }
}
