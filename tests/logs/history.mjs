// What was sent to log-analytics, what of it was acknowledged, and whether that is what it has. The only truth is what
// this side has seen; nothing that the service says of itself counts.
import assert from "node:assert/strict";
import http from "node:http";

const answer_ms_max = 10_000;
const events_a_request_max = 12;
const again_of_acknowledged = 0.02;  // of the requests that were answered, this part is sent again too

export class History {
  constructor(random) {
    this.random = random;
    this.requests = [];  // {round, events, acknowledged}
    this.acknowledged = 0;  // events
    this.waiting = [];      // {events, tell}
    this.resent = 0;
    this.sent = 0;
  }

  // Writes from `clients` connections until each breaks.
  async load(url, round, clients) {
    await Promise.all(Array.from({ length: clients }, (_, client) => this.#keep_sending(url, round, client)));
  }

  async #keep_sending(url, round, client) {
    const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
    for (let i = 0; ; ++i) {
      const request = { round, events: this.#events(round, client, i), acknowledged: false };
      this.requests.push(request);
      this.sent += request.events.length;
      if (!(await send(url, agent, request.events))) break;
      request.acknowledged = true;
      this.#acknowledged(request.events.length);
    }
    agent.destroy();
  }

  #acknowledged(events) {
    this.acknowledged += events;
    for (const { tell } of this.waiting.filter((waiting) => waiting.events <= this.acknowledged)) tell();
    this.waiting = this.waiting.filter((waiting) => waiting.events > this.acknowledged);
  }

  // Comes about when so many events have been acknowledged while there was load.
  until_acknowledged(events) {
    if (events <= this.acknowledged) return Promise.resolve();
    return new Promise((tell) => this.waiting.push({ events, tell }));
  }

  #events(round, client, i) {
    const count = this.random() < 0.4 ? 1 : 1 + Math.floor(this.random() * events_a_request_max);
    return Array.from({ length: count }, (_, n) => ({
      event_id: `${round}-${client}-${i}-${n}`,
      round,
      client: `client ${client}`,
      latency_ms: Math.round(this.random() * 1e6) / 1e3,
      text: `event ${i} 제비 ${"x".repeat(Math.floor(this.random() ** 4 * 2000))}`,
      [`rare_${round % 7}`]: n % 2 === 0,
    }));
  }

  // Sends again what got no answer, and some of what did.
  async send_again(url, round) {
    const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
    for (const request of this.requests.filter((sent) => sent.round === round)) {
      if (request.acknowledged && this.random() > again_of_acknowledged) continue;
      assert.ok(await send(url, agent, request.events), "log-analytics went away by itself");
      this.resent += request.acknowledged ? 0 : request.events.length;
      request.acknowledged = true;
    }
    agent.destroy();
  }

  // Every acknowledged event of the round is there once, unchanged; the others at most once.
  async compare(service, round) {
    const stored = await service.query(`SELECT * FROM logs WHERE round = ${round} LIMIT 1000000`);
    const there = new Map();
    for (const row of stored) {
      assert.ok(!there.has(row.event_id), `twice in the store: ${row.event_id}`);
      there.set(row.event_id, row);
    }
    for (const { events, acknowledged } of this.requests.filter((sent) => sent.round === round)) {
      for (const event of events) {
        const row = there.get(event.event_id);
        there.delete(event.event_id);
        if (!row) assert.ok(!acknowledged, `acknowledged, and lost: ${event.event_id}`);
        else assert.deepEqual(without_absent(row), event);
      }
    }
    assert.equal(there.size, 0, `in the store, and never sent: ${[...there.keys()][0]}`);
  }

  // All rounds at once, when everything has been sent again.
  async compare_all(service) {
    const twice = await service.query("SELECT event_id, count() AS n FROM logs GROUP BY event_id HAVING n > 1 LIMIT 10");
    assert.deepEqual(twice, []);
    const by_round = await service.query("SELECT round, count() AS n FROM logs GROUP BY round LIMIT 1000000");
    const sent = new Map();
    for (const { round, events } of this.requests) sent.set(round, (sent.get(round) ?? 0) + events.length);
    assert.deepEqual(new Map(by_round.map(({ round, n }) => [round, n])), sent);
  }

  // How many events are there for sure.
  get known() {
    return this.requests.reduce((sum, { events, acknowledged }) => sum + (acknowledged ? events.length : 0), 0);
  }

  // Counts again and again until the connection breaks: what was acknowledged before a question is in its answer.
  async keep_counting(service) {
    const all_before = this.known;
    for (const began = this.acknowledged; ; ) {
      const least = all_before + this.acknowledged - began;
      const found = await service.count().catch(() => null);
      if (found === null) return;
      assert.ok(found >= least, `${found} rows can be queried, ${least} were acknowledged`);
    }
  }
}

// The columns that a row has no value in stand in `SELECT *` as null; its time is its own.
function without_absent(row) {
  return Object.fromEntries(Object.entries(row).filter(([name, value]) => value !== null && name !== "ts"));
}

const shapes = [
  (events) => JSON.stringify(events),
  (events) => events.map((event) => JSON.stringify(event)).join("\n"),
];

// False when the connection broke before the answer.
function send(url, agent, events) {
  return new Promise((resolve, reject) => {
    const body = events.length === 1 ? JSON.stringify(events[0]) : shapes[events.length % shapes.length](events);
    const request = http.request(`${url}/log`, { agent, method: "POST", headers: { "Content-Length": Buffer.byteLength(body) } });
    request.setTimeout(answer_ms_max, () => request.destroy(new Error(`no answer in ${answer_ms_max} ms`)));
    request.once("error", () => resolve(false));
    request.once("response", (answer) => {
      let text = "";
      answer.setEncoding("utf8");
      answer.on("data", (piece) => (text += piece));
      answer.once("error", () => resolve(false));
      answer.once("end", () => {
        if (answer.statusCode !== 200) return reject(new Error(`answered ${answer.statusCode}: ${text}`));
        assert.equal(JSON.parse(text).taken, events.length, text);
        resolve(true);
      });
    });
    request.end(body);
  });
}
