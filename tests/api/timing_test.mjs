// Does the time of a refusal tell whether somebody has an account? Tries with names that are there and names that are not,
// in turns, so that whatever else the machine does falls on both alike.
//
// It fails only beyond doubt (a rank test with p < 1e-6, and medians apart by over 5 %): a program that looks at no password
// when there is no such name answers some twenty times as fast. More tries: JEBI_ROUNDS=2000 node tests/api/timing_test.mjs
import assert from "node:assert/strict";

import { Api } from "../lib/api.mjs";
import { check, finish, random_from } from "../lib/checks.mjs";
import { Jebi } from "../lib/jebi.mjs";

const rounds = Number(process.env.JEBI_ROUNDS ?? 200);
const tries_of_an_account = 5;  // free of delay (modules/accounts/delays.h)
const seed = Number(process.argv[3] ?? Date.now() % 2 ** 32);
const random = random_from(seed);

// Each request comes from an address of its own, as the proxy in front says, so that no delay by address gets in the way.
const jebi = await Jebi.start({ args: ["--web-behind-proxy", "--web-api-requests-max", "0"] });
const api = new Api(jebi.url);
let asked = 0;
const from_elsewhere = () => ({ "X-Forwarded-For": `10.${(asked >> 16) & 255}.${(asked >> 8) & 255}.${asked++ & 255}` });

async function refusal_ms(username) {
  const began = performance.now();
  const answer = await api.post("/api/v1/sessions", { username, password: "surely not the password" }, from_elsewhere());
  const took = performance.now() - began;
  assert.equal(answer.status, 401, JSON.stringify(answer.body));
  return { took, body: JSON.stringify(answer.body) };
}

const median = (numbers) => [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)];

// Mann and Whitney's test (1947): how many deviations the ranks of `a` are from what chance would make of them.
function deviations(a, b) {
  const ranked = [...a.map((value) => [value, true]), ...b.map((value) => [value, false])].sort(([x], [y]) => x - y);
  const ranks = ranked.reduce((sum, [, is_a], i) => sum + (is_a ? i + 1 : 0), 0);
  const mean = (a.length * (ranked.length + 1)) / 2;
  return (ranks - mean) / Math.sqrt((a.length * b.length * (ranked.length + 1)) / 12);
}

await check("a refusal takes as long for a name that is there as for one that is not, and says the same", async () => {
  const people = Array.from({ length: Math.ceil(rounds / tries_of_an_account) }, (_, i) => `person_${i}`);
  for (const username of people) {
    const person = { username, email: `${username}@example.org`, password: "a long sentence that is easy to keep" };
    assert.equal((await api.post("/api/v1/users", person, from_elsewhere())).status, 201);
  }
  const there = [], not_there = [];
  for (let i = 0; i < rounds; ++i) {
    const known = () => refusal_ms(people[Math.floor(i / tries_of_an_account)]).then((one) => there.push(one));
    const unknown = () => refusal_ms(`nobody_${i}`).then((one) => not_there.push(one));
    for (const turn of random() < 0.5 ? [known, unknown] : [unknown, known]) await turn();
  }
  assert.equal(new Set([...there, ...not_there].map(({ body }) => body)).size, 1, "the answers differ");
  const [a, b] = [there, not_there].map((all) => all.map(({ took }) => took));
  const apart = Math.abs(median(a) / median(b) - 1), off = deviations(a, b);
  console.log(`timing: ${rounds} rounds, seed ${seed}: medians ${median(a).toFixed(2)} and ${median(b).toFixed(2)} ms, ${off.toFixed(1)} deviations`);
  assert.ok(Math.abs(off) < 5 || apart < 0.05, `medians ${(apart * 100).toFixed(1)} % apart, ${off.toFixed(1)} deviations`);
}, 300_000);

await jebi.stop();
finish();
