// Rounds of a load that is cut off: what crash_test.mjs and power_cut_test.mjs have in common.
//
// In each round log-analytics is written to (history.mjs) until it has acknowledged as many events as the seed says and,
// a few random milliseconds later, is ended without a word; then it is started again and compared with what was
// promised. When a round is cut is counted in events, not in time, so that a slow machine sees what a fast one sees.
import assert from "node:assert/strict";

import { check, random_from } from "../lib/checks.mjs";
import { History } from "./history.mjs";

const acknowledged_max = 1500;  // in one round
const load_ms_max = 20_000;     // then it is cut, however little was acknowledged
const after_ms_max = 30;
const round_ms_max = 90_000;
const rounds_more_max = 3;  // of the rounds asked for: so many times as many, until there was enough
const all_ms_max = 120_000;

const passed = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

export class Rounds {
  // `start` answers a LogAnalytics with the same data each time; `cut` ends one; `beside`, when there is one, goes on
  // beside the load until the connection breaks. `enough` is asked of `seen`: what the stats of all rounds add up to.
  constructor({ rounds, seed, clients, start, cut, enough, beside = async () => {} }) {
    Object.assign(this, { rounds, clients, start, cut, enough, beside });
    this.random = random_from(seed);
    this.history = new History(this.random);
    this.seed = seed;
    this.seen = { sealed: 0, merged: 0 };
    this.load_ms = 0;
  }

  async run() {
    this.service = await this.start();
    let whole = true, round = 0;
    const more = () => round < this.rounds || (!this.enough(this.seen) && round < this.rounds * rounds_more_max);
    while (whole && more()) whole = await this.#round(++round);
    if (whole) await check("seals and merges were met", async () => assert.ok(this.enough(this.seen), JSON.stringify(this.seen)));
    await check("at the end, everything that was sent in all rounds is there once", () => this.#compare_all(), all_ms_max);
  }

  // Ends it in peace; `between` happens before it starts again.
  async end(between = () => {}) {
    assert.equal(await this.service.stop(), 0);
    between();
    this.service = await this.start();
    await this.#compare_all();
    assert.equal(await this.service.stop(), 0);
  }

  get summary() {
    const { acknowledged, resent } = this.history;
    return `${acknowledged} acknowledged (${Math.round(acknowledged / (this.load_ms / 1000))}/s), ${resent} without an answer, ` +
      `${this.seen.sealed} tails sealed, ${this.seen.merged} segments merged`;
  }

  #compare_all() {
    return this.history.compare_all(this.service);
  }

  // Was everything as promised?
  async #round(round) {
    let whole = false;
    await check(`round ${round} of seed ${this.seed}`, async () => {
      await this.#load_and_cut(round);
      this.service = await this.start();
      await this.history.compare(this.service, round);
      await this.history.send_again(this.service.url, round);
      await this.history.compare(this.service, round);
      assert.deepEqual((await this.service.stats()).damaged, []);
      whole = true;
    }, round_ms_max);
    return whole;
  }

  async #load_and_cut(round) {
    const began = performance.now();
    const wanted = this.history.acknowledged + Math.floor(this.random() * acknowledged_max);
    const after_ms = this.random() * after_ms_max;
    const cut = Promise.race([this.history.until_acknowledged(wanted), passed(load_ms_max)]).then(async () => {
      const { sealed, merged } = await this.service.stats();
      this.seen.sealed += sealed;
      this.seen.merged += merged;
      await passed(after_ms);
      this.load_ms += performance.now() - began;
      await this.cut(this.service);
    });
    await Promise.all([cut, this.history.load(this.service.url, round, this.clients), this.beside(this.service, this.history)]);
  }
}
