// The public JSON API as a script uses it.

const answer_ms_max = 20_000;

export class Api {
  constructor(url, token = null) {
    this.url = url;
    this.token = token;
  }

  as(token) {
    return new Api(this.url, token);
  }

  // {status, body, fields}: the body is JSON where it says so, text otherwise. What is sent is JSON, text or bytes.
  async ask(method, path, body, fields = {}) {
    const all = { ...fields };
    if (this.token) all.Authorization ??= `Bearer ${this.token}`;
    if (body !== undefined) all["Content-Type"] ??= "application/json";
    const answer = await fetch(this.url + path, {
      method,
      headers: all,
      body: body === undefined || typeof body === "string" || Buffer.isBuffer(body) ? body : JSON.stringify(body),
      redirect: "manual",
      signal: AbortSignal.timeout(answer_ms_max),
    });
    const text = await answer.text();
    const is_json = (answer.headers.get("content-type") ?? "").startsWith("application/json");
    return { status: answer.status, body: is_json && text !== "" ? JSON.parse(text) : text, fields: answer.headers };
  }

  get(path, fields) { return this.ask("GET", path, undefined, fields); }
  post(path, body, fields) { return this.ask("POST", path, body, fields); }
  put(path, body, fields) { return this.ask("PUT", path, body, fields); }
  delete(path, fields) { return this.ask("DELETE", path, undefined, fields); }

  // Makes an account and answers the API as its owner sees it.
  async sign_up(username, more = {}) {
    const person = { username, email: `${username}@example.org`, password: password_of(username), display_name: username };
    const answer = await this.post("/api/v1/users", { ...person, ...more });
    if (answer.status !== 201) throw new Error(`sign-up of ${username}: ${answer.status} ${JSON.stringify(answer.body)}`);
    return this.as(answer.body.token);
  }
}

export const password_of = (username) => `a long sentence for ${username}, easy to keep`;
