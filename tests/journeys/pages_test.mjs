// node pages_test.mjs PROGRAM [--docs]: every page in Korean and English, light and dark, on a phone and on a desk.
//
// On each: axe-core finds nothing to object to, nothing sticks out of the window, the browser has no complaint, and
// the Tab key reaches everything that can be used, visibly. Pictures go to build/screenshots, and with --docs those
// that README.md shows to docs/images. Where JEBI_TEST_TOPOLOGY places the modules otherwise, each page is seen once: in English, in light, on a phone.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { copyFileSync, mkdirSync } from "node:fs";
import { join } from "node:path";

import { Api, password_of } from "../lib/api.mjs";
import { axe_violations, launch, visit } from "../lib/browser.mjs";
import { check, eventually, finish } from "../lib/checks.mjs";
import { Jebi, root, topology } from "../lib/jebi.mjs";
import { ScriptedLog } from "../logs/scripted_log.mjs";

const widths = topology === "" ? { phone: 360, desk: 1280 } : { phone: 360 };
const heights = { phone: 740, desk: 860 };
const languages = topology === "" ? ["ko", "en"] : ["en"];
const schemes = topology === "" ? ["light", "dark"] : ["light"];
const tweets_database = { "": "jebi.db", split: "tweets.db", "web-and-the-rest": "rest.db" }[topology];
const pictures = join(root, "build", "screenshots");
const in_readme = { "home-ko-light-desk": "home-ko-light", "profile-en-dark-desk": "profile-en-dark" };

const browser = await launch("pages in a browser");
const log = await ScriptedLog.start();
const visit_at = (page, minute, ip) => JSON.stringify({ ts: `2026-11-22T13:0${minute}:05.000Z`, originalUrl: page, ip, status: 200 });
log.answers = {
  "SELECT count() AS visits FROM logs WHERE service = 'jebi' AND": '{"visits":37}\n',
  "SELECT count()": '{"visits":1234567}\n',
  "SELECT ts": [visit_at("/", 9, "203.0.113.7"), visit_at("/users/hangyeol?page=2", 8, "2001:db8:85a3:8d3:1319:8a2e:370:7348"),
    visit_at(`/tweets/hashtag/${"%EC%A0%9C%EB%B9%84".repeat(8)}`, 7, "203.0.113.7")].join("\n"),
};
const jebi = await Jebi.start({ args: ["--demo"], environment: { JEBI_LOG_ANALYTICS_URL: log.url } });
const me = await new Api(jebi.url).sign_up("hangyeol", { display_name: "한결" });
const mine = (await me.post("/api/v1/tweets", { text: "처마 밑에 올해도 제비가 집을 지었다. 돌아와 줘서 고마워 🐦 #제비" })).body.id;
const someone = (await me.get("/api/v1/tweets?limit=2")).body.tweets[1];

// A little life: a thread with a gap, people who are followed, blocked and muted, words between two.
const done = (answer) => void (answer.status < 300 || assert.fail(JSON.stringify(answer)));
const other = await new Api(jebi.url).sign_up("mira", { display_name: "미라 Mira 🌷" });
const answer_to = async (who, id, text) => (await who.post("/api/v1/tweets", { text, reply_to: id })).body.id;
const answer = await answer_to(other, mine, "우리 집 처마에도요! 올해는 다섯 마리예요.");
const answered = await answer_to(me, answer, "다섯 마리라니, 아침마다 시끌시끌하겠어요.");
const gap = await answer_to(me, answered, "잘못 쓴 글");
await answer_to(other, gap, "Still readable, though what it answers is gone: 아침마다 같은 전깃줄에 앉아 있던 두 마리가 오늘은 새끼 넷을 데리고 나왔어요. " +
  "날갯짓이 아직 서툴러서, 보는 사람이 더 떨렸습니다.");
done(await me.delete(`/api/v1/tweets/${gap}`));
for (const name of ["minji", "eunbi", "anna_lind", "mira"]) done(await me.put(`/api/v1/users/${name}/follow`));
done(await other.put("/api/v1/users/hangyeol/follow"));
done(await other.put(`/api/v1/tweets/${mine}/favourite`));
done(await other.put(`/api/v1/tweets/${mine}/repost`));
done(await me.put(`/api/v1/tweets/${mine}/pin`));
done(await me.put(`/api/v1/tweets/${answer}/favourite`));
done(await me.put("/api/v1/users/kofi/block"));
done(await me.put("/api/v1/users/hyun/mute"));
for (const text of ["안녕하세요! 둥지 사진 있으세요? https://example.org/nest", "긴 글도 잘 보이는지 볼게요. ".repeat(12)])
  done(await other.post("/api/v1/messages/hangyeol", { text }));
done(await me.post("/api/v1/messages/mira", { text: "네, 내일 찍어서 보낼게요 🐦" }));

const at = (path) => async (page) => void (await page.goto(jebi.url + path));
// Opens a page, fills in a form without the browser's own checks, and sends it.
const refused = (path, form, values) => async (page) => {
  await page.goto(jebi.url + path);
  const here = page.locator(form);
  for (const [name, value] of Object.entries(values)) {
    await here.locator(`[name=${name}]`).evaluate((input, text) => (input.value = text), value);
  }
  await Promise.all([
    page.waitForEvent("domcontentloaded"),
    here.evaluate((element) => ((element.noValidate = true), element.requestSubmit())),
  ]);
};

const visitors_pages = {
  welcome: at("/"),
  people: at("/userslist"),
  analytics: at("/analytics"),
  contracts: at("/contracts"),
  contract: at("/contracts/trending"),
  followers: at("/users/eunbi/followers"),
  search: at("/search"),
  "search-none": at("/search?q=zzzzzz"),
  "search-people": at("/search?q=mi&in=people"),
  "search-tags": at(`/search?q=${encodeURIComponent("#제")}`),
  "people-2": at("/userslist?page=2"),
  "people-none": at("/userslist?page=999"),
  profile: at(`/users/${someone.author.username}`),
  tweet: at(`/tweets/${someone.id}`),
  hashtag: at(`/tweets/hashtag/${encodeURIComponent("제비")}`),
  "hashtag-none": at("/tweets/hashtag/unheard"),
  older: at("/?page=2"),
  login: at("/login"),
  "login-refused": refused("/login", "main form", { username_or_email: "nobody", password: "wrong" }),
  signup: at("/signup"),
  "signup-refused": refused("/signup", "main form", { username: "!", email: "x", password: "x" }),
  "not-found": at("/nowhere"),
  "too-far": at("/?page=5000"),
  "not-verified": refused("/login", "main form", { csrf: "stale", username_or_email: "hangyeol", password: password_of("hangyeol") }),
};
const own_pages = {
  home: at("/"),
  everybody: at("/tweets"),
  "own-replies": at("/users/hangyeol/replies"),
  "own-likes": at("/users/hangyeol/favorites"),
  "own-following": at("/users/hangyeol/following"),
  "their-profile": at("/users/mira"),
  "blocked-profile": at("/users/kofi"),
  "in-thread": at(`/tweets/${answered}`),
  "gone-tweet": at(`/tweets/${gap}`),
  "who-likes": at(`/tweets/${mine}/favorites`),
  "reply-refused": refused(`/tweets/${mine}`, "#reply form", { text: "가".repeat(141) }),
  messages: at("/messages"),
  "messages-nobody": at("/messages?to=nobody_here"),
  conversation: at("/messages/mira"),
  "conversation-empty": at("/messages/eunbi"),
  "message-refused": refused("/messages/mira", "form.compose", { text: "" }),
  notifications: at("/notifications"),
  "own-search": at(`/search?q=${encodeURIComponent("제비")}`),
  blocked: at("/settings/blocked"),
  muted: at("/settings/muted"),
  "own-analytics": at("/analytics?page=2"),
  "own-profile": at("/users/hangyeol"),
  "own-tweet": at(`/tweets/${mine}`),
  edit: at(`/tweets/${mine}/edit`),
  "edit-refused": refused(`/tweets/${mine}/edit`, "main form", { text: "가".repeat(141) }),
  delete: at(`/tweets/${mine}/delete`),
  compose: at("/tweets/new"),
  "compose-refused": refused("/tweets/new", "main form", { text: "" }),
  "not-mine": refused(`/tweets/${mine}/edit`, "main form", { csrf: "stale" }),
  settings: at("/settings"),
  "settings-refused": refused("/settings", 'form[action="/settings/profile"]', { display_name: "", link: "ftp://x" }),
  "import-refused": refused("/settings", 'form[action="/settings/import"]', {}),
  "password-refused": refused("/settings", 'form[action="/settings/password"]', { current_password: "x", new_password: "x" }),
  leave: at("/settings/delete"),
  "leave-refused": refused("/settings/delete", "main form", { password: "wrong" }),
  logout: at("/logout"),
};

mkdirSync(pictures, { recursive: true });
for (const language of languages) {
  await all_pages(language, visitors_pages, []);
  await all_pages(language, own_pages, [{ name: "jebi", value: me.token, url: jebi.url }]);
}

await check("a long hashtag is cut, and does not widen the page", async () => {
  const { context, page } = await visit(browser, { viewport: { width: widths.phone, height: heights.phone } });
  await page.goto(`${jebi.url}/search`);
  const changed = await page.locator(".tags b").evaluateAll((all) => all.map((tag) => tag.append("가".repeat(100))).length);
  assert.ok(changed > 5);
  assert.equal(await page.evaluate(() => document.documentElement.scrollWidth), widths.phone);
  await context.close();
});

// The log service goes away.
await log.close();
for (const language of languages) {
  await all_pages(language, { "analytics-away": at("/analytics") }, []);
  await all_pages(language, { "own-analytics-away": at("/analytics") }, [{ name: "jebi", value: me.token, url: jebi.url }]);
}

// A table is taken away behind jebi's back, and put back.
const snapshot_ms_max = 100;  // kit/sql/sqlite_readers.h
const rename = (from, to) => spawnSync("sqlite3", [join(jebi.data, tweets_database), `ALTER TABLE ${from} RENAME TO ${to}`]);
rename("tweets", "tweets_away");
await check("our mistake shows an id to ask with, and nothing of the inside", async () => {
  // jebi has not made this change, so who has read lately sees it after a moment. Asked before that, the page is there, and a good
  // answer would stand in for the others where modules are apart.
  await new Promise((resolve) => setTimeout(resolve, 2 * snapshot_ms_max));
  const { status, body } = await me.get(`/tweets/${mine}`);
  assert.equal(status, 500);
  assert.match(body, /\b[0-9a-f]{32}\b/);
  for (const inside of ["SELECT", "sqlite", "table", ".cpp"]) assert.ok(!body.includes(inside), `the page tells ${inside}`);
});
for (const language of languages) await all_pages(language, { failure: at(`/tweets/${mine}`) }, []);
rename("tweets_away", "tweets");
await check("when the cause is gone, all is well again", async () => {
  await eventually(async () => (await me.get(`/tweets/${mine}`)).status === 200, "the page");
});

if (process.argv.includes("--docs")) {
  const folder = join(root, "docs", "images");
  mkdirSync(folder, { recursive: true });
  for (const [from, to] of Object.entries(in_readme)) copyFileSync(join(pictures, `${from}.png`), join(folder, `${to}.png`));
}

await check("jebi ends cleanly with the browser still connected", async () => assert.equal(await jebi.stop(), 0));
await browser.close();
finish();

async function all_pages(language, pages, cookies) {
  const { context, page, complaints } = await visit(browser, { language, viewport: { width: 1280, height: 860 } });
  await context.addCookies(cookies);
  for (const [name, open] of Object.entries(pages)) {
    await check(`${name} in ${language}`, async () => {
      await open(page);
      assert.equal(await page.locator("html").getAttribute("lang"), language);
      assert.equal(await page.locator("h1").count(), 1, "one heading of the first rank");
      assert.ok((await page.title()).length > 3);
      for (const scheme of schemes) for (const size of Object.keys(widths)) await look_at(page, name, language, scheme, size);
      if (topology === "" && language === "en" && !name.includes("refused")) await walk(page, name);
      assert.deepEqual(complaints.splice(0), []);
    }, 60_000);
  }
  await context.close();
}

async function look_at(page, name, language, scheme, size) {
  await page.emulateMedia({ colorScheme: scheme });
  await page.setViewportSize({ width: widths[size], height: heights[size] });
  const seen = `${name}-${language}-${scheme}-${size}${topology && `-${topology}`}`;
  await page.screenshot({ path: join(pictures, `${seen}.png`) });
  const width = await page.evaluate(() => document.documentElement.scrollWidth);
  assert.ok(width <= widths[size], `${seen} is ${width} wide`);
  const found = await axe_violations(page);
  assert.deepEqual(found, [], seen);
}

// From the top of the page, Tab reaches everything that can be used, and each time one sees where one is.
async function walk(page, name) {
  await page.reload({ waitUntil: "load" });
  const names = await page.evaluate(mark_what_can_be_used);
  const reached = new Set();
  for (let i = 0; i < names.length + 3; ++i) {
    await page.keyboard.press("Tab");
    const { index, seen } = await page.evaluate(where_one_is);
    if (index === null) break;
    assert.ok(seen, `${name}: one does not see the focus on ${names[index]}`);
    reached.add(index);
  }
  const missed = names.filter((_, index) => !reached.has(index));
  assert.deepEqual(missed, [], `${name}: Tab does not reach these`);
}

// In the page: numbers what can be used, and notes how it and what is around it looks without focus.
function mark_what_can_be_used() {
  const usable = "a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex]";
  const groups = new Set();
  const all = [...document.querySelectorAll(usable)].filter((element) => {
    if (element.tabIndex < 0 || element.disabled || !element.checkVisibility({ visibilityProperty: true })) return false;
    if (element.type !== "radio") return true;
    // Of a group of radio buttons, Tab reaches the chosen one.
    const chosen = document.querySelector(`input[name="${element.name}"]:checked`);
    return chosen ? chosen === element : !groups.has(element.name) && groups.add(element.name);
  });
  window.look_of = (element) =>
    [element, element.nextElementSibling, element.parentElement, element.parentElement?.parentElement]
      .filter(Boolean)
      .map((near) => getComputedStyle(near))
      .map((style) => [style.outlineStyle, style.outlineWidth, style.outlineColor, style.boxShadow, style.borderColor].join())
      .join("; ");
  document.activeElement?.blur();
  window.usable = all.map((element) => ({ element, look: look_of(element) }));
  return all.map((element) => element.outerHTML.slice(0, 100));
}

function where_one_is() {
  const index = window.usable.findIndex(({ element }) => element === document.activeElement);
  if (index < 0) return { index: null, seen: false };
  return { index, seen: look_of(document.activeElement) !== window.usable[index].look };
}
