// A log service as one writes it in an afternoon: Express, body-parser and SQLite. It is measured beside log-analytics
// by logs_bench.cpp. Each event is one INSERT that is on the disk before the answer.
const express = require("express");
const bodyParser = require("body-parser");
const Database = require("better-sqlite3");

const database = new Database(process.argv[2]);
database.pragma("journal_mode = WAL");
database.pragma("synchronous = FULL");
database.exec(`
  CREATE TABLE IF NOT EXISTS visits (ts TEXT, ip TEXT, originalUrl TEXT, userID TEXT);
  CREATE TABLE IF NOT EXISTS logs (ts TEXT, level TEXT, service TEXT, method TEXT, path TEXT, route TEXT, status INTEGER,
    latency_ms REAL, bytes INTEGER, ip TEXT, user TEXT, ua TEXT, trace TEXT, msg TEXT);
`);
const insertVisit = database.prepare("INSERT INTO visits VALUES (?, ?, ?, ?)");
const insertRow = database.prepare(`INSERT INTO logs VALUES (@ts, @level, @service, @method, @path, @route, @status,
  @latency_ms, @bytes, @ip, @user, @ua, @trace, @msg)`);
const insertRows = database.transaction((rows) => {
  for (const row of rows) insertRow.run(row);
});

const app = express();
app.use(bodyParser.json({ limit: "16mb" }));

app.post("/log", (req, res) => {
  const { ip, originalUrl, userID } = req.body;
  insertVisit.run(new Date().toISOString(), ip, originalUrl, userID);
  res.json({ taken: 1 });
});

app.post("/rows", (req, res) => {
  insertRows(req.body);
  res.json({ taken: req.body.length });
});

app.post("/query", (req, res) => {
  res.send(database.prepare(req.body.sql).all().map((row) => JSON.stringify(row) + "\n").join(""));
});

const server = app.listen(0, "127.0.0.1", () => console.log(`listening on port ${server.address().port}`));
process.on("SIGTERM", () => process.exit(0));
