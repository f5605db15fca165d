// The original's pages as one writes them in an afternoon: Express and SQLite, everything in one file. It is measured
// beside jebi by mix.cpp. In its favour: sessions are a table, pages are template literals, and there is no log.
//
//     node express_twin.cjs DATABASE PEOPLE.json
const fs = require("node:fs");
const express = require("express");
const bodyParser = require("body-parser");
const Database = require("better-sqlite3");

const database = new Database(process.argv[2]);
database.pragma("journal_mode = WAL");
database.pragma("synchronous = FULL");
database.exec(`
  CREATE TABLE users (id INTEGER PRIMARY KEY, username TEXT UNIQUE, name TEXT);
  CREATE TABLE sessions (token TEXT PRIMARY KEY, user_id INTEGER);
  CREATE TABLE follows (follower INTEGER, followed INTEGER, PRIMARY KEY (follower, followed)) WITHOUT ROWID;
  CREATE INDEX follows_by_followed ON follows (followed);
  CREATE TABLE tweets (id INTEGER PRIMARY KEY, author INTEGER, body TEXT, at INTEGER);
  CREATE INDEX tweets_by_author ON tweets (author, id);
`);

const tweet = database.prepare("INSERT INTO tweets (author, body, at) VALUES (?, ?, ?)");
database.transaction(({ people, follows, posts }) => {
  const user = database.prepare("INSERT INTO users VALUES (?, ?, ?)");
  const session = database.prepare("INSERT INTO sessions VALUES (?, ?)");
  const follow = database.prepare("INSERT INTO follows VALUES (?, ?)");
  for (let i = 0; i < people; i++) {
    user.run(i, `person${i}`, `제비 ${i}`);
    session.run(`session-of-person${i}`, i);
    follow.run(i, i); // one's own tweets are at home too
  }
  for (const [follower, followed] of follows) follow.run(follower, followed);
  for (const [author, body] of posts) tweet.run(author, body, Date.now());
})(JSON.parse(fs.readFileSync(process.argv[3], "utf8")));
database.exec("ANALYZE");

const visitor = database.prepare("SELECT u.* FROM sessions s JOIN users u ON u.id = s.user_id WHERE s.token = ?");
const home = database.prepare(`SELECT t.*, u.username, u.name FROM tweets t JOIN users u ON u.id = t.author
  JOIN follows f ON f.followed = t.author AND f.follower = ? ORDER BY t.id DESC LIMIT 20`);
const written = database.prepare(`SELECT t.*, u.username, u.name FROM tweets t JOIN users u ON u.id = t.author
  WHERE t.author = ? ORDER BY t.id DESC LIMIT 20`);
const person = database.prepare("SELECT * FROM users WHERE username = ?");
const counts = database.prepare(`SELECT (SELECT COUNT(*) FROM tweets WHERE author = @id) AS tweets,
  (SELECT COUNT(*) FROM follows WHERE follower = @id) - 1 AS following,
  (SELECT COUNT(*) FROM follows WHERE followed = @id) - 1 AS followers`);

const escapes = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" };
const escaped = (text) => text.replace(/[&<>"']/g, (letter) => escapes[letter]);
const linked = (text) =>
  escaped(text)
    .replace(/https?:\/\/[^\s]+/g, (url) => `<a href="${url}" rel="nofollow">${url}</a>`)
    .replace(/(^|\s)@(\w+)/g, '$1<a href="/users/$2">@$2</a>')
    .replace(/(^|\s)#([\p{L}\p{N}_]+)/gu, '$1<a href="/tweets/hashtag/$2">#$2</a>');

const article = (one) => `
  <article class="tweet"><a href="/users/${one.username}"><img src="/avatars/${one.author}" alt=""></a>
    <header><a href="/users/${one.username}"><b>${escaped(one.name)}</b> @${one.username}</a>
      <a href="/tweets/${one.id}"><time datetime="${new Date(one.at).toISOString()}">${new Date(one.at).toISOString()}</time></a></header>
    <p>${linked(one.body)}</p>
    <form method="post" action="/tweets/${one.id}/favorites"><button>Like</button></form>
  </article>`;
const page = (me, title, { tweets, following, followers }, list) => `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>${escaped(title)}</title><link rel="stylesheet" href="/style.css"></head>
<body><nav><a href="/">Home</a> <a href="/users/${me.username}">@${me.username}</a> <a href="/logout">Sign out</a></nav>
<aside>${tweets} tweets, ${following} following, ${followers} followers</aside>
<form method="post" action="/tweets"><textarea name="body" maxlength="140"></textarea><button>Tweet</button></form>
<main><h1>${escaped(title)}</h1>${list.map(article).join("")}</main></body></html>`;

const app = express();
app.use(bodyParser.urlencoded({ extended: false }));
app.use((req, res, next) => {
  const token = /(?:^|; )sid=([^;]+)/.exec(req.headers.cookie || "");
  req.user = token && visitor.get(token[1]);
  if (req.user) next();
  else res.redirect("/login");
});
app.get("/", (req, res) => res.send(page(req.user, "Home", counts.get(req.user), home.all(req.user.id))));
app.get("/users/:name", (req, res) => {
  const one = person.get(req.params.name);
  if (one) res.send(page(req.user, one.name, counts.get(one), written.all(one.id)));
  else res.status(404).send("There is no such person.");
});
app.post("/tweets", (req, res) => {
  const body = String(req.body.body || "");
  if (body.length === 0 || body.length > 280) return res.status(400).send("A tweet has 1 to 280 letters.");
  tweet.run(req.user.id, body, Date.now());
  res.redirect("/");
});

const server = app.listen(0, "127.0.0.1", () => console.log(`listening on port ${server.address().port}`));
process.on("SIGTERM", () => process.exit(0));
