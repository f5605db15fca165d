// A log service for tests that does what the test says, well or badly, and keeps what it was told.
import { createServer } from "node:http";

export class ScriptedLog {
  constructor() {
    this.mode = "takes"; // silent, garbage, cut (keeps the lines, then closes in the middle of its answer), or a status
    this.requests = []; // {method, url, fields, body}
    this.events = []; // of POST /log, in the order of their arrival, repeated ones too
    this.answers = {}; // of POST /query, by how the SQL begins
    this.sockets = new Set();
  }

  static async start() {
    const log = new ScriptedLog();
    await log.open(0);
    return log;
  }

  async open(port = this.port) {
    this.server = createServer((request, response) => this.#serve(request, response));
    this.server.on("connection", (socket) => {
      this.sockets.add(socket);
      socket.once("close", () => this.sockets.delete(socket));
    });
    await new Promise((resolve, reject) => this.server.once("error", reject).listen(port, "127.0.0.1", resolve));
    this.port = this.server.address().port;
    this.url = `http://127.0.0.1:${this.port}`;
  }

  // As if the process were killed. open() brings it back at the same port.
  async close() {
    const closed = new Promise((resolve) => this.server.close(resolve));
    for (const socket of this.sockets) socket.destroy();
    await closed;
  }

  // By event id, as the real service does.
  distinct() {
    return [...new Map(this.events.map((event) => [event.event_id, event])).values()];
  }

  async #serve(request, response) {
    let body = "";
    request.setEncoding("utf8");
    try {
      for await (const piece of request) body += piece;
    } catch {
      return; // the sender has left
    }
    this.requests.push({ method: request.method, url: request.url, fields: request.headers, body });
    if (this.mode === "silent") return;
    if (this.mode === "garbage") return request.socket.end("\x01\x02 no such thing as an answer\r\n\r\n");
    if (typeof this.mode === "number") return response.writeHead(this.mode).end("no");
    if (request.url.startsWith("/query")) return this.#answer(body, response);
    this.events.push(...body.split("\n").filter(Boolean).map((line) => JSON.parse(line)));
    if (this.mode === "cut") return request.socket.end('HTTP/1.1 200 OK\r\nContent-Length: 20\r\n\r\n{"acce');
    response.writeHead(200, { "Content-Type": "application/json" }).end("{}");
  }

  #answer(sql, response) {
    const known = Object.entries(this.answers).find(([begin]) => sql.startsWith(begin));
    response.writeHead(known ? 200 : 400).end(known ? known[1] : "no such question");
  }
}
