// What the other scripts share: the page's words, elements, and figures as people read them.

const data = JSON.parse(document.getElementById("data").textContent);
export const roles = data.roles;
export const language = data.lang;

// The text of a key, its {gaps} filled.
export function say(key, gaps = {}) {
  return (data.words[key] ?? key).replace(/\{(\w+)\}/g, (gap, name) => gaps[name] ?? gap);
}

export const by_id = (id) => document.getElementById(id);

// An element with properties or attributes, and what is in it: texts or elements.
export function element(tag, properties = {}, ...inside) {
  return filled(document.createElement(tag), properties, inside);
}
export function drawn(tag, attributes = {}, ...inside) {
  return filled(document.createElementNS("http://www.w3.org/2000/svg", tag), attributes, inside);
}
function filled(made, properties, inside) {
  for (const [name, value] of Object.entries(properties)) {
    if (name.startsWith("on")) made.addEventListener(name.slice(2), value);
    else if (value !== undefined && value !== null && value !== false) made.setAttribute(name, value === true ? "" : value);
  }
  made.append(...inside.flat().filter((part) => part !== null && part !== undefined));
  return made;
}

// A value of a row as a text of its own direction, in which control characters are seen.
export const shown = (value) => element("bdi", {}, visible(value));
export function visible(value) {
  const text = typeof value === "string" ? value : JSON.stringify(value);
  return text.replace(/[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]/g, (c) => String.fromCharCode(c === "\x7f" ? 0x2421 : 0x2400 + c.charCodeAt(0)));
}
// The begin of a long text, for names of buttons and the like.
export const brief = (value, most = 60) => {
  const points = Array.from(visible(value).slice(0, 2 * most + 2));
  return points.length > most ? `${points.slice(0, most).join("")}…` : points.join("");
};

const grouping = new Intl.NumberFormat(language);
export const grouped = (number) => grouping.format(number);
const three = (value) => value.toFixed(value < 10 ? 2 : value < 100 ? 1 : 0);
export function duration(ms) {
  if (ms === null || ms === undefined) return "";
  return ms < 1 ? `${Math.round(ms * 1000)} µs` : ms < 1000 ? `${three(ms)} ms` : `${three(ms / 1000)} s`;
}
export function bytes(count) {
  const units = ["B", "KiB", "MiB", "GiB", "TiB"];
  let unit = 0;
  for (; count >= 1024 && unit < units.length - 1; ++unit) count /= 1024;
  return `${unit === 0 ? count : three(count)} ${units[unit]}`;
}
export const share = (part, whole) => (whole > 0 ? `${((part / whole) * 100).toFixed(1)} %` : "");

const clock = new Intl.DateTimeFormat(language, { hour: "2-digit", minute: "2-digit", second: "2-digit", fractionalSecondDigits: 3, hourCycle: "h23" });
const moment = new Intl.DateTimeFormat(language, { month: "short", day: "numeric", hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23" });
const minute = new Intl.DateTimeFormat(language, { month: "short", day: "numeric", hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
const day = new Intl.DateTimeFormat(language, { month: "short", day: "numeric" });
// In the reader's own time zone.
export const time = (ms) => moment.format(ms);
export const time_within = (ms, span_ms) => (span_ms > 5 * 86_400_000 ? day : span_ms > 600_000 ? minute : moment).format(ms);
export const row_time = (ms) => (new Date(ms).toDateString() === new Date().toDateString() ? "" : `${day.format(ms)} `) + clock.format(ms);

export function cost_text(cost) {
  return say("cost", { rows: grouped(cost.rows_read), all: grouped(cost.rows), bytes: bytes(cost.bytes_read), ms: cost.ms.toFixed(1) });
}

// Tabs that the arrow keys move between (WAI-ARIA's tab pattern).
export function tabs(list, chosen) {
  const all = () => [...list.querySelectorAll("[role=tab]")];
  list.addEventListener("click", (event) => {
    const tab = event.target.closest("[role=tab]");
    if (tab) chosen(tab);
  });
  list.addEventListener("keydown", (event) => {
    const at = all().indexOf(document.activeElement), last = all().length - 1;
    const to = { ArrowRight: at === last ? 0 : at + 1, ArrowLeft: at === 0 ? last : at - 1, Home: 0, End: last }[event.key];
    if (at < 0 || to === undefined) return;
    event.preventDefault();
    all()[to].focus();
    chosen(all()[to]);
  });
  return (tab) => {
    for (const each of all()) {
      each.setAttribute("aria-selected", each === tab);
      each.tabIndex = each === tab ? 0 : -1;
    }
  };
}

export async function copied(text) {
  try {
    await navigator.clipboard.writeText(text);
    return say("copied");
  } catch {
    return say("no_copy"); // a page of another machine, without https
  }
}
