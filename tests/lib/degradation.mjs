// docs/guides/degradation.md, and a jebi to hold to it: two people who follow each other, pages and operations of theirs, and the guide's
// word for each answer.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";

import { Api } from "./api.mjs";
import { root } from "./jebi.mjs";
import { Pages } from "./pages.mjs";

export const word = "jun&#39;s word";
// The modules that the guide has a column for and that answer calls.
export const modules = ["accounts", "tweets", "follows", "timelines", "notifications", "messages", "search"];

export const done = (answer) => (assert.ok(answer.status < 300, JSON.stringify(answer)), answer.body);

export class Town {
  static async open(url) {
    const town = new Town();
    const nobody = (town.nobody = new Api(url));
    const minji = (town.minji = await nobody.sign_up("minji"));
    town.jun = await nobody.sign_up("jun");
    const pages = (town.pages = new Pages(url, minji.token));
    done(await minji.put("/api/v1/users/jun/follow"));
    done(await town.jun.put("/api/v1/users/minji/follow"));
    const juns = (town.juns = await town.jun_writes());
    town.csrf = await pages.csrf();

    const page = (path, has) => ({ ask: () => pages.get(path), has });
    const visitors = (path, has) => ({ ask: () => nobody.get(path), has });
    const program = (path, has) => ({ ask: () => minji.get(path), has });
    // Those of the guide's rows that are asked for here.
    town.reading = {
      home: page("/", word),
      "everybody's tweets": page("/tweets", word),
      profile: page("/users/jun", word),
      "profile, followers": page("/users/jun/followers", "@minji"),
      thread: page(`/tweets/${juns}`, word),
      hashtag: page("/tweets/hashtag/swallow", word),
      "search: tweets": page("/search?q=word&in=posts", word),
      notifications: page("/notifications", "/users/jun"),
      conversation: page("/messages/jun", "jun&#39;s message"),
      "user list": page("/userslist", "@jun"),
      settings: page("/settings", "display_name"),
      "home, as a visitor": visitors("/", word),
      "profile, as a visitor": visitors("/users/jun", word),
      "thread, as a visitor": visitors(`/tweets/${juns}`, word),
      "page to sign in": visitors("/login", "password"),
      "GET /api/v1/tweets": program("/api/v1/tweets", "jun's word"),
      "GET /api/v1/users/{name}": program("/api/v1/users/jun", "jun"),
      "GET /api/v1/search": program("/api/v1/search?q=word", "jun's word"),
      "Mastodon: home timeline": program("/api/v1/timelines/home", word),
      "Mastodon: status": program(`/api/v1/statuses/${juns}`, word),
      "Mastodon: notifications": program("/api/v1/notifications", "jun"),
    };
    return town;
  }

  // Writing, with texts and keys that nothing else has.
  writing(about) {
    const form = (path, text, key) =>
      ({ ask: () => this.pages.send("POST", path, text === undefined ? { csrf: this.csrf } : { csrf: this.csrf, text, key }), has: "", text, key });
    return {
      "write a tweet": form("/tweets", `a tweet ${about}`, `tweet-${about}`),
      reply: form(`/tweets/${this.juns}/comments`, `an answer ${about}`, `answer-${about}`),
      "write a message": form("/messages/jun", `a message ${about}`, `message-${about}`),
      favourite: form(`/tweets/${this.juns}/favorites`),
      follow: form("/users/jun/follow"),
    };
  }

  // A tweet and a message for minji to see; the tweet's id.
  async jun_writes(more = "") {
    done(await this.jun.post("/api/v1/messages/minji", { text: `jun's message ${more}` }));
    return done(await this.jun.post("/api/v1/tweets", { text: `jun's word to #swallow ${more}` })).id;
  }

  async is_whole() {
    return Object.values(await words_of(this.reading)).every((one) => one === "whole");
  }
}

// {row: {module: word}} of "The table".
export function guide() {
  const text = readFileSync(join(root, "docs/guides/degradation.md"), "utf8").split("## The table")[1].split("\n## ")[0];
  const cells = (line) => line.split("|").slice(1, -1).map((cell) => cell.trim());
  const [head, , ...lines] = text.split("\n").filter((line) => line.startsWith("|")).map(cells);
  return Object.fromEntries(lines.map(([row, ...words]) => [row, Object.fromEntries(words.map((word, i) => [head[i + 1], word]))]));
}

// How much somebody has of it. `visitor` and `partly` are worth the same.
const worth = { whole: 4, quiet: 3, visitor: 2, partly: 2, away: 1, kept: 0, refused: 0 };

// The guide's word for an answer, or what is wrong with it. `quiet` looks like `whole` from here.
function word_of({ status, body, fields }, { has, text, key }) {
  const shown = typeof body === "string" ? body : JSON.stringify(body);
  const wrong = (what) => `${what}: ${status} ${shown.slice(0, 300)}`;
  if (status < 400) {
    if (shown.includes('class="alert unknown"')) return shown.includes(has) ? "visitor" : wrong("a visitor would see more");
    if (shown.includes('class="alert"')) return "partly";
    return shown.includes(has) ? "whole" : wrong("without what it is for");
  }
  if (![500, 503, 504].includes(status)) return wrong("not this status");
  if (status !== 500 && !fields.has("retry-after")) return wrong("does not say when");
  if (typeof body !== "string") return /"trace_id":"[0-9a-f]{32}"/.test(shown) ? "refused" : wrong("no trace id");
  if (!/<code>[0-9a-f]{32}<\/code>/.test(shown)) return wrong("no trace id");
  if (text) return shown.includes(`${text}</textarea>`) && shown.includes(`value="${key}"`) ? "kept" : wrong("the text is lost");
  if (shown.includes('class="lost"')) return "refused";
  return shown.includes('class="alert"') ? "away" : wrong("unclear");
}

export async function words_of(rows) {
  const found = await Promise.all(Object.entries(rows).map(async ([name, row]) => [name, word_of(await row.ask(), row)]));
  return Object.fromEntries(found);
}

// Of rows and what they have answered, those that are worse than the guide says for that module.
export const worse_than = (said, found, module) =>
  Object.entries(found).filter(([row, one]) => !(worth[one] >= worth[said[row][module]])).map(([row, one]) => `${row}: ${one}, not ${said[row][module]}`);
