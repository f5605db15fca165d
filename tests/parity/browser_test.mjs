// The original, row by row, as people see it: the rows of the list of parity that have a page, in Chromium, by what can be
// typed and clicked. What programs see of them, and the rows without a page (27: lines of a log, 28: JSON), is in parity_test.mjs.
import assert from "node:assert/strict";

import { Api, password_of } from "../lib/api.mjs";
import { launch, visit } from "../lib/browser.mjs";
import { check, eventually, finish } from "../lib/checks.mjs";
import { FakeGitHub, octocat } from "../lib/fake_github.mjs";
import { Jebi } from "../lib/jebi.mjs";
import { LogAnalytics } from "../lib/log_analytics.mjs";

const browser = await launch("parity in a browser");
const github = await FakeGitHub.start();
const log = await LogAnalytics.start();
const jebi = await Jebi.start({ environment: { ...github.environment(), JEBI_LOG_ANALYTICS_URL: log.url } });
const api = new Api(jebi.url);
const complaints = [];

// Somebody at a browser of their own, in English; signed in when they have a name.
class Person {
  static async make(name) {
    const person = await Person.stranger();
    person.name = name;
    person.api = await api.sign_up(name);
    await person.context.addCookies([{ name: "jebi", value: person.api.token, url: jebi.url }]);
    return person;
  }

  static async stranger() {
    const seat = await visit(browser, { language: "en" });
    complaints.push(seat.complaints);
    return Object.assign(new Person(), seat);
  }

  go(path) { return this.page.goto(jebi.url + path); }
  get path() { return decodeURI(new URL(this.page.url()).pathname); }
  find(selector, more) { return this.page.locator(selector, more); }
  tweet(text) { return this.find("article", { hasText: text }); }
  words(selector = "main") { return this.find(selector).innerText(); }
  async sees(text) { return (await this.words()).includes(text); }
  async is_signed_in() { return (await this.find('header a[href="/settings"]').count()) === 1; }

  // Fills in what has these names, and sends the form; the page that comes is there when this is done.
  async send(form, fields) {
    for (const [name, value] of Object.entries(fields)) await this.find(`${form} [name=${name}]`).fill(value);
    await this.click(`${form} button[type=submit]`);
  }

  // A click that leads to another page.
  async click(selector, inside = this.page) {
    await Promise.all([this.page.waitForEvent("domcontentloaded"), inside.locator(selector).first().click()]);
  }

  // Presses a button that changes in its place.
  async press(button, pressed) {
    await button.click();
    await eventually(async () => (await button.getAttribute("aria-pressed")) === String(pressed), "the button's change");
  }

  // What hides behind the three dots of a tweet or a person.
  async choose(selector, inside) {
    await inside.locator("details.more summary").click();
    await this.click(selector, inside);
  }

  // Writes at home; the tweet's own address.
  async write(text) {
    await this.go("/");
    await this.send("form.compose", { text });
    return this.tweet(text).locator(".when a").getAttribute("href");
  }

  async reply(address, text) {
    await this.go(address);
    await this.send("#reply form", { text });
  }

  // All that a list shows from here on, page after page by its own link to what is older.
  async all_of(selector, next = 'main a[rel="next"]') {
    const seen = [];
    for (let pages = 1; ; ++pages) {
      seen.push(...(await this.find(selector).allInnerTexts()));
      if ((await this.find(next).count()) === 0) return { seen, pages };
      await this.click(next);
    }
  }
}

const minji = await Person.make("minji");
const daniel = await Person.make("daniel");
const haerin = await Person.make("haerin");
const visitor = await Person.stranger();
const handles = ".people .handle";
const fans = 41; // one more than a page of followers has

await check("1 /login: a form, the button of GitHub, the way to signing up, and counters", async () => {
  await visitor.go("/login");
  for (const what of ["#username_or_email", "#password", 'a[href="/auth/github"]', 'main a[href="/signup"]'])
    assert.ok(await visitor.find(what).isVisible(), what);
  assert.deepEqual(await visitor.find(".aside .counts dd").allInnerTexts(), ["3", "0"]);
});

await check("2 /signup: the button leads to a form", async () => {
  await visitor.click('main a[href="/signup"]');
  assert.equal(visitor.path, "/signup");
  for (const field of ["#username", "#email", "#password", "#display_name"]) assert.ok(await visitor.find(field).isVisible(), field);
});

await check("3 /logout: the menu's link asks, the button does it", async () => {
  const leaving = await Person.make("leaving");
  await leaving.go("/");
  await leaving.choose('a[href="/logout"]', leaving.find("header"));
  assert.ok(await leaving.is_signed_in(), "opening the page changes nothing");
  await leaving.click("main form button");
  assert.ok(!(await leaving.is_signed_in()));
  await leaving.go("/settings");
  assert.equal(leaving.path, "/login");
});

await check("4 /auth/github: there and back, twice to the same account", async () => {
  for (const again of [false, true]) {
    const comer = await Person.stranger();
    await comer.go("/login");
    await Promise.all([comer.page.waitForURL(`${jebi.url}/`), comer.find('a[href="/auth/github"]').click()]);
    assert.ok(await comer.is_signed_in(), `again: ${again}`);
    await comer.go(`/users/${octocat.login}`);
    assert.equal(await comer.words("h1"), octocat.name);
    await comer.context.close();
  }
});

await check("5 signing up: a name that is taken is told beside its field, another one signs in", async () => {
  const comer = await Person.stranger();
  const form = 'form[action="/users"]';
  await comer.go("/signup");
  await comer.send(form, { username: "minji", email: "newcomer@example.org", password: password_of("newcomer") });
  assert.match(await comer.words("#username-error"), /taken/);
  assert.equal(await comer.find("#email").inputValue(), "newcomer@example.org");
  await comer.send(form, { username: "newcomer", password: password_of("newcomer") });
  assert.ok(await comer.is_signed_in());
  await comer.context.close();
});

await check("6 signing in: by user name or by e-mail, and never with a wrong password", async () => {
  const form = 'form[action="/users/sessions"]';
  for (const username_or_email of ["minji", "minji@example.org"]) {
    const comer = await Person.stranger();
    await comer.go("/login");
    await comer.send(form, { username_or_email, password: "it is not this" });
    assert.ok(!(await comer.is_signed_in()));
    assert.ok(await comer.find(".alert").isVisible());
    await comer.send(form, { username_or_email, password: password_of("minji") });
    assert.ok(await comer.is_signed_in(), username_or_email);
    await comer.context.close();
  }
});

await check("7 home is of those one follows, and everybody's is a tab beside it", async () => {
  await minji.go("/users/daniel");
  await minji.click(".person-do .follow");
  await daniel.write("of somebody who is followed");
  await haerin.write("of a stranger");
  await eventually(async () => (await minji.go("/")) && (await minji.sees("of somebody who is followed")), "the tweet at home");
  assert.ok(!(await minji.sees("of a stranger")));
  await minji.click('main a[href="/tweets"]');
  assert.ok((await minji.sees("of somebody who is followed")) && (await minji.sees("of a stranger")));
  await visitor.go("/");
  assert.ok(await visitor.sees("of a stranger"));
});

await check("8 writing: the tweet is on top once; one that is too long stays in the box, with the reason", async () => {
  await minji.write("written at home");
  assert.match((await minji.find("article .text").allInnerTexts())[0], /written at home/);
  assert.equal(await minji.tweet("written at home").count(), 1);
  await minji.send("form.compose", { text: "가".repeat(141) });
  assert.match(await minji.words("#text-error"), /280/);
  assert.equal(await minji.find("#text").inputValue(), "가".repeat(141));
});

await check("9 editing: only its author is offered to; the hashtags follow the text, and it says so", async () => {
  const address = await minji.write("before #erst");
  await daniel.go(address);
  assert.equal(await daniel.find(`a[href="${address}/edit"]`).count(), 0);
  await minji.choose(`a[href="${address}/edit"]`, minji.tweet("before #erst"));
  await minji.send("main form", { text: "after #dann" });
  assert.equal(minji.path, address);
  assert.match(await minji.words(".single-when"), /edited/);
  await minji.click(".text a");
  assert.equal(minji.path, "/tweets/hashtag/dann");
  assert.equal(await minji.tweet("after #dann").count(), 1);
  await minji.go("/tweets/hashtag/erst");
  assert.equal(await minji.find("article.tweet").count(), 0);
});

await check("10 deleting: asks, takes it from every list, and what answered it stays to be read", async () => {
  const address = await minji.write("to be deleted");
  await daniel.reply(address, "an answer that stays");
  await minji.go("/");
  await minji.choose(`a[href="${address}/delete"]`, minji.tweet("to be deleted"));
  assert.ok(await minji.sees("to be deleted"), "the page shows what is to go");
  await minji.click("main form button");
  for (const list of ["/", "/tweets", "/users/minji"]) {
    await minji.go(list);
    assert.equal(await minji.tweet("to be deleted").count(), 0, list);
  }
  await visitor.go("/users/daniel/replies");
  await visitor.click(".when a", visitor.tweet("an answer that stays"));
  assert.ok(await visitor.find(".gone").isVisible(), "a gap where it was");
});

await check("11 a tweet has a page of its own, for visitors too", async () => {
  const address = await minji.write("a page of its own");
  await visitor.go("/tweets");
  await visitor.click(".when a", visitor.tweet("a page of its own"));
  assert.equal(visitor.path, address);
  assert.match(await visitor.words(".single .text"), /a page of its own/);
  await visitor.go("/tweets/new");
  assert.equal(visitor.path, "/login");
});

await check("12 hashtags: in every script, by a click", async () => {
  await minji.write("오늘의 #제비 #Swallow #café");
  for (const tag of ["제비", "Swallow", "café"]) {
    await visitor.go("/tweets");
    await visitor.click(`.text a:text-is("#${tag}")`, visitor.tweet("오늘의"));
    assert.equal(visitor.path, `/tweets/hashtag/${tag}`);
    assert.equal(await visitor.tweet("오늘의").count(), 1, tag);
  }
});

let question;
await check("13 replying: below what it answers, whose author finds a number at the bell", async () => {
  question = await minji.write("what do you say?");
  await minji.go("/notifications");
  await daniel.reply(question, "I say this");
  await visitor.go(question);
  assert.match(await visitor.words(".thread-after"), /I say this/);
  const bell = minji.find("[data-count=notifications]");
  await eventually(async () => (await minji.go("/")) && (await bell.isVisible()), "the number at the bell");
  await minji.go("/notifications");
  assert.ok(await minji.sees("I say this"));
});

await check("14 a reply is taken back by who wrote it, and nobody else is offered to", async () => {
  await haerin.go(question);
  const others = haerin.tweet("I say this");
  await others.locator("details.more summary").click();
  assert.equal(await others.locator(".danger").count(), 0);
  await daniel.go(question);
  await daniel.choose(".danger", daniel.tweet("I say this"));
  await daniel.click("main form button");
  await visitor.go(question);
  assert.ok(!(await visitor.sees("I say this")));
});

await check("15 the heart sets and unsets in its place, and a page that is loaded anew agrees", async () => {
  const address = await minji.write("to be liked");
  await daniel.go(address);
  const heart = daniel.find(".single .like");
  for (const [liked, count] of [[true, "1"], [false, ""], [true, "1"]]) {
    await daniel.press(heart, liked);
    assert.equal(await heart.locator(".n").innerText(), count);
    await daniel.go(address);
    assert.equal(await heart.getAttribute("aria-pressed"), String(liked));
  }
  await daniel.click(`a[href="${address}/favorites"]`);
  assert.deepEqual(await daniel.find(handles).allInnerTexts(), ["@daniel"]);
});

await check("16 a profile is for everybody, and its list goes on to the first tweet", async () => {
  const texts = Array.from({ length: 43 }, (_, number) => `number ${number} of many`);
  for (const text of texts) assert.equal((await haerin.api.post("/api/v1/tweets", { text })).status, 201);
  await visitor.go("/tweets");
  await visitor.click(".name", visitor.tweet("number 42 of many"));
  assert.equal(visitor.path, "/users/haerin");
  const { seen, pages } = await visitor.all_of("article.tweet .text");
  assert.ok(pages > 1);
  assert.deepEqual(seen.filter((text) => texts.includes(text)), texts.reverse());
  assert.ok(seen.includes("of a stranger"));
});

await check("17 followers and following: in pages, everybody once", async () => {
  const names = Array.from({ length: fans }, (_, number) => `fan${number}`);
  for (const name of names) assert.equal((await (await api.sign_up(name)).put("/api/v1/users/haerin/follow")).status, 200);
  await visitor.go("/users/haerin");
  await visitor.click('a[href="/users/haerin/followers"]');
  const { seen, pages } = await visitor.all_of(handles);
  assert.ok(pages > 1);
  assert.deepEqual(seen.sort(), names.map((name) => `@${name}`).sort());
  await visitor.go("/users/minji/following");
  assert.deepEqual(await visitor.find(handles).allInnerTexts(), ["@daniel"]);
});

await check("18 the button follows and unfollows, both lists agree, and the other one hears of it", async () => {
  const lists = async () => {
    await visitor.go("/users/daniel/following");
    const follows = await visitor.sees("@haerin");
    await visitor.go("/users/haerin/followers");
    return [follows, (await visitor.find(handles).allInnerTexts()).includes("@daniel")];
  };
  for (const follows of [true, false, true]) {
    await daniel.go("/users/haerin");
    await daniel.click(".person-do .follow");
    assert.equal(await daniel.find(".person-do .follow").getAttribute("value"), follows ? "DELETE" : "POST");
    assert.deepEqual(await lists(), [follows, follows]);
  }
  const tells = haerin.find('.told .saying[href="/users/daniel"]');
  await eventually(async () => (await haerin.go("/notifications")) && (await tells.count()) > 0, "the notification");
});

await check("19 leaving: only oneself, after the password, and everything goes", async () => {
  const leaver = await Person.make("leaver");
  const address = await leaver.write("will not stay");
  await minji.go("/users/leaver");
  assert.equal(await minji.find('main a[href*="delete"], main [formaction$="/delete"]').count(), 0);
  await leaver.go("/settings");
  await leaver.click('a[href="/settings/delete"]');
  await leaver.send("main form", { password: "it is not this" });
  assert.ok(await leaver.find("#password-error").isVisible());
  await leaver.send("main form", { password: password_of("leaver") });
  assert.ok(!(await leaver.is_signed_in()));
  assert.equal((await visitor.go("/users/leaver")).status(), 404);
  await eventually(async () => (await visitor.go(address)).status() === 404, "the tweet's end");
});

await check("20 people: five a page from the first one on, nobody left out", async () => {
  const { total } = (await api.get("/api/v1/users?limit=1")).body;
  await visitor.go("/");
  await visitor.click('header a[href="/userslist"]');
  assert.equal(await visitor.find(".people > li").count(), 5);
  const { seen, pages } = await visitor.all_of(handles, '.pager a[rel="next"]');
  assert.equal(pages, Math.ceil(total / 5));
  assert.equal(seen.length, total);
  assert.equal(new Set(seen).size, total);
});

await check("21 whom to write to is asked by name", async () => {
  await minji.go("/chat");
  assert.equal(minji.path, "/messages");
  await minji.send("main form.pick", { to: "nobody_at_all" });
  assert.ok(await minji.find("#to-error").isVisible());
  await minji.send("main form.pick", { to: "haerin" });
  assert.equal(minji.path, "/messages/haerin");
});

await check("22 an inbox is one's own", async () => {
  await minji.go("/messages/daniel");
  await minji.send("main form.compose", { text: "between the two of us" });
  const letters = daniel.find("[data-count=messages]");
  await eventually(async () => (await daniel.go("/")) && (await letters.isVisible()), "the number in the header");
  await daniel.click('header a[href="/messages"]');
  assert.match(await daniel.words(".talks"), /between the two of us/);
  for (const path of ["/messages", "/messages/minji", "/messages/daniel"]) {
    await haerin.go(path);
    assert.ok(!(await haerin.sees("between the two of us")), path);
  }
  await visitor.go("/messages");
  assert.equal(visitor.path, "/login");
});

await check("23 a conversation is in its order, for both", async () => {
  await daniel.click('a[href="/messages/minji"]', daniel.find(".talks"));
  await daniel.send("main form.compose", { text: "so it is" });
  for (const [who, other, mine] of [[minji, "daniel", [true, false]], [daniel, "minji", [false, true]]]) {
    await who.go(`/messages/${other}`);
    const said = who.find(".said > li");
    assert.deepEqual((await said.locator(".text").allInnerTexts()).map((text) => /between the two|so it is/.exec(text)?.[0]),
      ["between the two", "so it is"]);
    assert.deepEqual(await said.evaluateAll((all) => all.map((line) => line.className === "mine")), mine);
  }
});

await check("24 a message has up to 1,000 characters, and comes not to who keeps one away", async () => {
  await minji.go("/messages/haerin");
  await minji.send("main form.compose", { text: "가".repeat(1001) });
  assert.match(await minji.words("#text-error"), /1,?000/);
  await minji.send("main form.compose", { text: "가".repeat(1000) });
  assert.equal(await minji.find(".said > li").count(), 1);
  await haerin.go("/users/minji");
  await haerin.choose('[formaction="/users/minji/block"]', haerin.find(".person-do"));
  await minji.send("main form.compose", { text: "and now?" });
  assert.ok(await minji.find(".alert, .wrong:not(:empty)").first().isVisible());
  await haerin.go("/messages");
  assert.ok(!(await haerin.sees("and now?")));
  await haerin.go("/users/minji");
  await haerin.click('[formaction="/users/minji/block"]');
});

await check("25 notifications: one's own only, in pages, and no word of messages", async () => {
  await haerin.go("/activities");
  assert.equal(haerin.path, "/notifications");
  const { seen, pages } = await haerin.all_of(".told .saying");
  assert.ok(pages > 1);
  assert.equal(seen.filter((saying) => /^fan\d+ /.test(saying)).length, fans);
  assert.ok(!seen.some((saying) => saying.includes("between")));
  await daniel.go("/notifications");
  assert.ok(!(await daniel.sees("fan38")));
});

await check("26 /analytics: visits, people and tweets in numbers, and one's own visits in a table", async () => {
  const newest = minji.find("tbody tr td.where");
  await minji.go("/users/daniel");
  await eventually(async () => (await minji.go("/analytics")) && (await newest.allInnerTexts()).includes("/users/daniel"), "the visit");
  const [visits, people, tweets] = (await minji.find(".counts.wide dd").allInnerTexts()).map((count) => Number(count.replaceAll(",", "")));
  assert.ok(visits >= 100 && people >= 40 && tweets >= 43, `${visits} ${people} ${tweets}`);
  assert.ok((await newest.count()) <= 10);
  await log.stop();
  await minji.go("/analytics");
  assert.ok(await minji.find(".alert").isVisible(), "it says so while the log is away");
});

await check("29 what is not there says so plainly, and leads home", async () => {
  for (const path of ["/nowhere", "/tweets/1", "/users/nobody_at_all"]) {
    assert.equal((await visitor.go(path)).status(), 404);
    assert.doesNotMatch(await visitor.words("body"), /\.cpp|exception|SELECT|sqlite/i);
    await visitor.click('main a[href="/"]');
    assert.equal(visitor.path, "/");
  }
});

await check("no page complained to the browser", async () => assert.deepEqual(complaints.flat(), []));

await browser.close();
await jebi.stop();
github.server.close();
finish();
