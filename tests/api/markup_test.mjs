// What people write stays text: on every page, in every field, wherever it is shown or comes back.
//
// A page with hostile texts may have no kind of element or attribute that it has not with friendly ones, and no address that
// a browser would run. How a page is taken apart says tests/lib/html.mjs; the texts are in payloads.mjs.
import assert from "node:assert/strict";

import { check, finish, skip } from "../lib/checks.mjs";
import { tags_of, unescaped } from "../lib/html.mjs";
import { lacking, required } from "../lib/packages.mjs";
import { Pages } from "../lib/pages.mjs";
import { awkward, markup } from "./payloads.mjs";
import { World, names } from "./world.mjs";

const world = await World.make();
const page_patterns = world.pages.filter(({ method }) => method === "GET").map(({ pattern }) => pattern);
// Names in queries that a page might show again, and one that none knows.
const query_names = ["q", "next", "page", "before", "after", "cursor", "lang", "type", "tab", "limit", "error", "notice", "redirect_uri", "state", "xyzzy"];

// ---- What a page consists of ----

const addresses = ["href", "src", "action", "formaction", "xlink:href", "data", "poster", "srcset", "ping", "background", "cite"];
const known = new Set();

const kinds_of = (html) =>
  tags_of(html).flatMap(({ name, attributes }) => [name, ...attributes.map(([attribute]) => `${name} ${attribute}`)]);

// Is it an address that leads somewhere and runs nothing? Browsers leave out tabs, line ends and what stands before.
function is_harmless(address) {
  // eslint-disable-next-line no-control-regex
  const scheme = /^([a-z][a-z0-9+.-]*):/i.exec(address.replace(/[\t\n\r]/g, "").replace(/^[\x00-\x20]+/, ""));
  return !scheme || ["http", "https", "mailto"].includes(scheme[1].toLowerCase());
}

// Only what one clicks may lead to other sites.
const is_ours = (address) => /^(?:[#?]|\/(?![/\\]))/.test(address);

function no_more_than_known(html, what) {
  for (const kind of kinds_of(html)) assert.ok(known.has(kind), `${what}: a new element or attribute: ${kind}`);
  for (const { name, attributes } of tags_of(html)) {
    for (const [attribute, value] of attributes) {
      const is_address = addresses.includes(attribute);
      assert.ok(!is_address || (name === "a" ? is_harmless(value) : is_ours(value)), `${what}: <${name} ${attribute}="${value}">`);
      assert.ok(!/^on|^style$|^http-equiv$/.test(attribute), `${what}: <${name} ${attribute}=...>`);
    }
    if (name === "script") assert.match(Object.fromEntries(attributes).src ?? "", /^\/assets\//, `${what}: a script in the page`);
  }
}

const is_html = ({ fields }) => /^text\/html/.test(fields.get("content-type") ?? "");

// Every page as this browser sees it, with what belongs to the owner in its path.
async function every_page(browser, seen) {
  for (const pattern of page_patterns) {
    const answer = await browser.get(world.path(pattern, "another"));
    if (is_html(answer)) await seen(answer.body, pattern);
  }
}

const browsers = () => ["visitor", "another", "owner"].map((role) => world.browser(role));

async function write_everywhere(text) {
  const tweet = await world.owner.post("/api/v1/tweets", { text });
  if (tweet.status === 201) world.tweet_of_owner = tweet.body.id;
  const answer = { text, reply_to: world.tweet_of_owner };
  await world.another.post("/api/v1/tweets", answer);
  await world.confidant.post(`/api/v1/messages/${names.owner}`, { text });
  const profile = { display_name: text, bio: text, link: `https://a.example/${text}` };
  if ((await world.owner.put("/api/v1/profile", profile)).status !== 200) {
    await world.owner.put("/api/v1/profile", { ...profile, link: "" });
  }
}

// Forms that come back with what was typed: refused for something else.
const returned = (text) => [
  ["/users", { username: text, display_name: text, email: text, password: "short" }],
  ["/users/sessions", { username_or_email: text, password: "wrong", next: text }],
];

// ---- Friendly texts first: what pages have of their own ----

await check("pages with friendly texts have no script of their own in them", async () => {
  const friendly = `@${names.another} #제비 https://example.org/a?b=c 👍`;
  await write_everywhere(friendly);
  await world.owner.put(`/api/v1/tweets/${world.tweet_of_owner}/favourite`);
  await world.another.put(`/api/v1/tweets/${world.tweet_of_owner}/repost`);
  await world.owner.put("/api/v1/profile", { display_name: "Minji", bio: friendly, link: "https://example.org/" });
  const learn = (html) => kinds_of(html).forEach((kind) => known.add(kind));
  for (const browser of browsers()) {
    await every_page(browser, learn);
    for (const [path, form] of returned("x")) learn((await browser.post(path, form)).body);
    learn((await browser.get("/there/is/nothing")).body);
    learn((await browser.post("/settings/profile", { display_name: "", bio: "x".repeat(300), link: "nonsense" })).body);
    learn((await browser.post("/tweets", { text: "x".repeat(300) })).body);
  }
  assert.ok(known.has("a href") && known.has("form action") && known.size > 50, `${known.size} kinds`);
  for (const browser of browsers()) await every_page(browser, no_more_than_known);
});

// ---- Hostile ones, kept and shown ----

await check("the check itself sees what it is meant to see", () => {
  for (const html of ["<script>xss()</script>", "<img src=x onerror=xss()>", "<a href=' java\tscript:xss()'>", "<p onclick='x'>", "<svg/onload=x>"]) {
    assert.throws(() => no_more_than_known(html, html), html);
  }
  no_more_than_known("<a href='https://example.org/'>x</a>", "a link");
});

for (const text of markup) {
  await check(`kept as text everywhere: ${JSON.stringify(text)}`, async () => {
    await write_everywhere(text);
    for (const browser of browsers()) {
      await every_page(browser, (html, pattern) => no_more_than_known(html, pattern));
    }
  });
}

await check("a hostile user agent is text in the list of sessions", async () => {
  for (const agent of markup.filter((text) => /^[\x20-\x7e]+$/.test(text)).slice(0, 12)) {
    const browser = world.browser("owner");
    browser.cookies.clear();
    await browser.post("/users/sessions", { username_or_email: names.owner, password: "not it" }, { "User-Agent": agent });
    const session = await world.session_of("owner", { "User-Agent": agent });
    no_more_than_known((await new Pages(world.jebi.url, session.token).get("/settings")).body, agent);
    await session.delete("/api/v1/sessions/current");
  }
});

// ---- And thrown back ----

const in_path = (pattern, text) => pattern.replace(/\{[a-z_]+\}/g, encodeURIComponent(text));

await check("what stands in a path or a query is text where it is shown again", async () => {
  for (const browser of [world.browser("visitor"), world.browser("owner")]) {
    for (const text of markup) {
      const query = query_names.map((name) => `${name}=${encodeURIComponent(text)}`).join("&");
      for (const pattern of ["/there/is/{nothing}", ...page_patterns]) {
        const answer = await browser.get(`${in_path(pattern, text)}?${query}`);
        assert.ok(answer.status < 500, `${pattern}: ${answer.status}`);
        if (is_html(answer)) no_more_than_known(answer.body, `${pattern} with ${text}`);
        else assert.doesNotMatch(answer.body, /<script|\son\w+\s*=|javascript:/i, `${pattern} with ${text}`);
      }
    }
  }
}, 120_000);

await check("a form that is refused shows what was typed as text", async () => {
  const visitor = world.browser("visitor"), owner = world.browser("owner");
  for (const text of markup) {
    for (const [path, form] of returned(text)) no_more_than_known((await visitor.post(path, form)).body, `${path} with ${text}`);
    const profile = { display_name: text.padEnd(60, "x"), bio: text, link: text };
    no_more_than_known((await owner.post("/settings/profile", profile)).body, `/settings/profile with ${text}`);
    no_more_than_known((await owner.post("/tweets", { text: text.padEnd(300, "x") })).body, `/tweets with ${text}`);
  }
}, 120_000);

await check("the API answers hostile texts as JSON that no browser takes for a page", async () => {
  for (const text of markup.slice(0, 10)) {
    for (const path of ["/api/v1/tweets/", "/api/v1/users/", "/api/v1/", "/apiv1/"]) {
      const { fields } = await world.visitor.get(path + encodeURIComponent(text));
      assert.match(fields.get("content-type"), /^application\/json/);
      assert.equal(fields.get("x-content-type-options"), "nosniff");
    }
  }
});

// ---- Byte for byte ----

// [what it is called, how it is written, how it is read] of every field that takes free text.
const fields = [
  ["a tweet", (text) => world.owner.post("/api/v1/tweets", { text }), ({ id }) => `/api/v1/tweets/${id}`, "text"],
  ["a display name", (text) => world.owner.put("/api/v1/profile", { display_name: text, bio: "", link: "" }), () => `/api/v1/users/${names.owner}`, "display_name"],
  ["a bio", (text) => world.owner.put("/api/v1/profile", { display_name: "Minji", bio: text, link: "" }), () => `/api/v1/users/${names.owner}`, "bio"],
];
// Why a field may refuse a text; anything else is a fault.
const refusals = ["text_empty", "text_too_long", "text_invalid", "display_name_invalid", "bio_invalid", "bio_too_long", "text_bad_characters"];

// What is kept of a text: NFC, without blanks at its ends (what Unicode calls so, which is not what JavaScript trims).
const kept_of = (text) => text.normalize("NFC").replace(/^\p{White_Space}+|\p{White_Space}+$/gu, "");

// Does it come back as it was? Nothing, when it was refused for a reason.
async function comes_back([what, write, path_of, field], text) {
  const written = await write(text);
  if (written.status === 400) {
    assert.ok(refusals.includes(written.body.error.code), `${what} of ${JSON.stringify(text)}: ${JSON.stringify(written.body)}`);
    return false;
  }
  assert.ok([200, 201].includes(written.status), `${what} of ${JSON.stringify(text)}: ${written.status}`);
  const read = (await world.visitor.get(path_of(written.body))).body[field];
  assert.equal(read, kept_of(text), what);
  return true;
}

for (const field of fields) {
  await check(`${field[0]} gives back what was written, byte for byte`, async () => {
    for (const text of awkward) {
      const kept = await comes_back(field, text);
      const may_refuse = field[0] !== "a tweet" && /[\p{Cc}\p{Cf}]/u.test(text);
      assert.ok(kept || may_refuse, `${field[0]} refuses ${JSON.stringify(text)}`);
    }
    for (const text of markup) await comes_back(field, text);
  }, 60_000);
}

await check("a page shows a tweet's text as it was written", async () => {
  for (const text of awkward.filter((one) => !/[\n\t@#＃]|:\/\/|  |\.c$/.test(one))) {
    const { body } = await world.owner.post("/api/v1/tweets", { text });
    const page = (await world.browser("visitor").get(`/tweets/${body.id}`)).body;
    assert.ok(unescaped(page.replace(/<[^>]*>/g, "")).includes(text), `the page of ${JSON.stringify(text)}`);
  }
}, 60_000);

await check("messages give back what was written, byte for byte", async () => {
  // 60 a minute from one person: so each of them has a part of the texts.
  const senders = ["owner", "another", "confidant"];
  const texts = awkward.slice(0, 150);
  for (const [i, text] of texts.entries()) {
    const from = senders[i % senders.length], to = senders[(i + 1) % senders.length];
    const sent = await world[from].post(`/api/v1/messages/${names[to]}`, { text });
    if (sent.status === 429) break;
    assert.equal(sent.status, 201, JSON.stringify([text, sent.body]));
    const read = (await world[to].get(`/api/v1/messages/${names[from]}?limit=1`)).body.messages[0];
    assert.equal(read.text, text.normalize("NFC"));
  }
}, 60_000);

// ---- The list that everybody knows ----

const no_list = lacking(["big-list-of-naughty-strings"]);
if (no_list) {
  skip("the big list of naughty strings", no_list);
} else {
  await check("the big list of naughty strings comes back byte for byte, or is refused for a reason", async () => {
    const texts = required("big-list-of-naughty-strings/blns.json");
    for (const field of fields) {
      let kept = 0;
      for (const text of texts) kept += (await comes_back(field, text)) ? 1 : 0;
      console.log(`naughty strings: ${field[0]} keeps ${kept} of ${texts.length}`);
      assert.ok(kept > texts.length / 2);
    }
  }, 300_000);
}

await world.jebi.stop();
finish();
