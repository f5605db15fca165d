// The latest rows, and new ones above them as they come, at most `rows_max` on the page; paused, they pass by and are
// counted.
import { follow } from "./ask.js";
import { by_id, grouped, say } from "./page.js";
import { Rows } from "./rows.js";

const rows_max = 500, latest = 100;
const show_every_ms = 100; // a page that draws for each of a thousand rows a second does nothing else
const waiting_max = 500;

export class Tail {
  // `grown` is told after rows were shown.
  constructor(wanted, grown) {
    Object.assign(this, { wanted, grown });
    by_id("pause").onclick = () => this.#pause(!this.paused);
  }

  start(search) {
    this.stop();
    Object.assign(this, { stopping: new AbortController(), waiting: [], passed: 0, rows: null, timer: setInterval(() => this.#show(), show_every_ms) });
    this.#pause(false);
    by_id("tail-bar").hidden = false;
    by_id("result").replaceChildren();
    by_id("cost").textContent = "";
    follow(search, latest, this.stopping.signal, (row) => this.#take(row), (why) => (by_id("tail-said").textContent = why || say("tail_lost")));
  }

  stop() {
    this.stopping?.abort();
    clearInterval(this.timer);
    by_id("tail-bar").hidden = true;
  }

  #take(row) {
    if (this.paused) {
      this.passed += 1;
      return;
    }
    this.waiting.push(row);
    if (this.waiting.length > waiting_max) this.waiting.shift();
  }

  #pause(paused) {
    this.paused = paused;
    this.passed = 0;
    by_id("pause").textContent = say(paused ? "resume" : "pause");
    by_id("tail-said").textContent = paused ? say("paused", { count: 0 }) : say("waiting");
  }

  #show() {
    if (this.paused) {
      const text = say("paused", { count: grouped(this.passed) });
      if (by_id("tail-said").textContent !== text) by_id("tail-said").textContent = text;
      return;
    }
    if (this.waiting.length === 0) return;
    const rows = this.waiting.splice(0).reverse();
    // The first rows decide on the columns; while they are few, they decide anew.
    if (this.rows && this.rows.body.rows.length > 20) {
      this.rows.put_before(rows, rows_max);
    } else if (!this.rows || by_id("result").querySelector(".opened") === null) {
      this.shown = [...rows, ...(this.rows ? this.shown : [])].slice(0, rows_max);
      this.rows = new Rows(this.wanted);
      by_id("result").replaceChildren(this.rows.show(this.shown));
    } else {
      this.rows.put_before(rows, rows_max);
      this.shown = [...rows, ...this.shown];
    }
    by_id("tail-said").textContent = "";
    this.grown();
  }
}
