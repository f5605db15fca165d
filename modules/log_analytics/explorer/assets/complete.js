// Completes fields and values in the search box (WAI-ARIA's combobox with a list).
import { brief, by_id, element, grouped, shown, visible } from "./page.js";

const pause_ms = 120;
const options_max = 10;
const bare = /^[^\s"\\():*<>=~.-](?:\.?[^\s"\\():*.])*$/;
const name_of_field = /^[^\s"():-][^\s"():]*$/;

// A value as the search takes it: in quotes where it is not one plain word.
export const term_value = (value) => {
  const text = String(value);
  return bare.test(text) ? text : `"${text.replace(/["\\]/g, "\\$&")}"`;
};
// Nothing for a field whose name the search cannot say.
export const term = (field, value, is_not) => (name_of_field.test(field) ? `${is_not ? "-" : ""}${field}:${term_value(value)}` : null);

// The word before the caret: its begin, whether it has a minus, and the field when there is a colon.
function word_at(text, caret) {
  const found = /(?:^|[\s(])(-?)(?:([^\s"():]+):)?("?)([^\s"()]*)$/.exec(text.slice(0, caret));
  if (!found) return null;
  const [, minus, field, quote, typed] = found;
  return { begin: caret - minus.length - (field ? field.length + 1 : 0) - quote.length - typed.length, minus, field, typed };
}

export class Completion {
  // `fields()` answers {name, kinds} of all fields, `values(field, begin)` a promise of {v, n}.
  constructor(fields, values) {
    Object.assign(this, { fields, values, options: [], at: -1, input: by_id("q"), list: by_id("suggestions"), turn: 0 });
    this.input.addEventListener("input", () => this.#later());
    this.input.addEventListener("keydown", (event) => this.#key(event));
    this.input.addEventListener("blur", () => this.close());
    this.list.addEventListener("pointerdown", (event) => {
      event.preventDefault(); // the box keeps the focus
      const option = event.target.closest("[role=option]");
      if (option) this.#take([...this.list.children].indexOf(option));
    });
  }

  close() {
    this.turn += 1;
    clearTimeout(this.timer);
    this.#show([]);
  }

  #later() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.#look(), pause_ms);
  }

  async #look() {
    const turn = ++this.turn, word = word_at(this.input.value, this.input.selectionStart);
    const options = word ? await this.#options(word) : [];
    if (turn === this.turn) this.#show(options, word);
  }

  async #options(word) {
    if (word.field === undefined) {
      const typed = word.typed.toLowerCase();
      if (typed === "") return [];
      return this.fields().filter(({ name }) => name_of_field.test(name) && name.toLowerCase().includes(typed))
        .sort((a, b) => b.name.toLowerCase().startsWith(typed) - a.name.toLowerCase().startsWith(typed) || (a.name < b.name ? -1 : 1))
        .slice(0, options_max).map(({ name, kinds }) => ({ text: `${word.minus}${name}:`, label: name, note: kinds.join(", "), goes_on: true }));
    }
    const field = this.fields().find(({ name }) => name === word.field);
    if (!field || /^[<>=~]/.test(word.typed)) return [];
    const found = await this.values(field, word.typed).catch(() => []);
    return found.map(({ v, n }) => ({ text: term(field.name, v, word.minus === "-"), label: v, note: grouped(n) }));
  }

  #show(options, word) {
    Object.assign(this, { options, word, at: -1 });
    this.list.replaceChildren(...options.map(({ label, note }, i) =>
      element("li", { role: "option", id: `option-${i}`, "aria-selected": "false" }, shown(brief(visible(label), 80)), element("small", {}, note))));
    this.list.hidden = options.length === 0;
    this.input.setAttribute("aria-expanded", options.length > 0);
    this.input.removeAttribute("aria-activedescendant");
  }

  #mark(at) {
    this.at = at;
    [...this.list.children].forEach((option, i) => option.setAttribute("aria-selected", i === at));
    if (at < 0) return this.input.removeAttribute("aria-activedescendant");
    this.input.setAttribute("aria-activedescendant", `option-${at}`);
    this.list.children[at].scrollIntoView({ block: "nearest" });
  }

  #take(at) {
    const { text, goes_on } = this.options[at], caret = this.input.selectionStart;
    const before = this.input.value.slice(0, this.word.begin) + text + (goes_on ? "" : " ");
    this.input.value = before + this.input.value.slice(caret).trimStart();
    this.input.setSelectionRange(before.length, before.length);
    this.close();
    if (goes_on) this.#look();
  }

  #key(event) {
    const count = this.options.length;
    if (event.isComposing || (count === 0 && event.key !== "ArrowDown")) return;
    const act = {
      ArrowDown: () => (count === 0 ? this.#look() : this.#mark((this.at + 2) % (count + 1) - 1)),
      ArrowUp: () => this.#mark(this.at < 0 ? count - 1 : this.at - 1),
      Escape: () => this.close(),
      Enter: this.at >= 0 ? () => this.#take(this.at) : null,
      Tab: this.at >= 0 ? () => this.#take(this.at) : null,
    }[event.key];
    if (!act) return event.key === "Enter" ? this.close() : undefined;
    event.preventDefault();
    act();
  }
}
