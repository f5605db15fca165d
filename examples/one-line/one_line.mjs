// A web server with the one line in it, twice: as one writes it first, and so that nothing can go wrong.
//
//     node one_line.mjs            then open http://127.0.0.1:8080/
import { createServer } from "node:http";

const service = process.env.LOG_ANALYTICS_URL ?? "http://127.0.0.1:12345";

// Works as long as the service does. When it is away, nobody catches the error and Node ends the whole server;
// and whoever is not signed in has no `user`, so that reading its `_id` throws in the middle of a request.
function logAnalyticsNaively({ ip, originalUrl, user }) {
  fetch(`${service}/log`, { method: "POST", body: JSON.stringify({ ip, originalUrl, userID: user._id }) });
}

// The same with a bound, a deadline and a catch: whatever the service does, the request never notices.
let underWay = 0;
function logAnalytics({ ip, originalUrl, user }) {
  if (underWay >= 100) return;
  underWay += 1;
  fetch(`${service}/log`, {
    method: "POST",
    body: JSON.stringify({ ip, originalUrl, userID: user?._id }),
    signal: AbortSignal.timeout(1000),
  })
    .then((answer) => answer.arrayBuffer())
    .catch(() => {})
    .finally(() => (underWay -= 1));
}

// What Express would put into the request.
const visitOf = (request) => ({
  ip: request.socket.remoteAddress,
  originalUrl: request.url,
  user: request.headers["x-user"] ? { _id: request.headers["x-user"] } : undefined,
});

const server = createServer((request, response) => {
  const visit = visitOf(request);
  if (request.url.startsWith("/naive")) logAnalyticsNaively(visit);
  else logAnalytics(visit);
  response.end("hello\n");
});
server.listen(process.env.PORT ?? 8080, "127.0.0.1", () => {
  console.log(`listening on http://127.0.0.1:${server.address().port}/`);
});
