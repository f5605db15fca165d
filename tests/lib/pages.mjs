// The pages as a browser without script uses them: cookies are kept, and forms carry their token.

import { set_cookies } from "./cookies.mjs";

const answer_ms_max = 20_000;

export class Pages {
  // A session's token, as the API gives it, is what the cookie holds: so one may come in without the form.
  constructor(url, session = null) {
    this.url = url;
    this.cookies = new Map(session ? [[url.startsWith("https:") ? "__Host-jebi" : "jebi", session]] : []);
  }

  // {status, body, fields}; a redirect is answered, not followed, and a stream of events is left once it has begun.
  async ask(method, path, body, fields = {}) {
    const answer = await fetch(this.url + path, {
      method,
      headers: { Cookie: [...this.cookies].map(([name, value]) => `${name}=${value}`).join("; "), ...fields },
      body,
      redirect: "manual",
      signal: AbortSignal.timeout(answer_ms_max),
    });
    this.#keep(set_cookies(answer.headers));
    const is_stream = answer.headers.get("content-type")?.startsWith("text/event-stream");
    if (is_stream) await answer.body.cancel();
    return { status: answer.status, body: is_stream ? "" : await answer.text(), fields: answer.headers };
  }

  get(path, fields) {
    return this.ask("GET", path, undefined, fields);
  }

  // The form as it is, without a token unless it has one.
  send(method, path, form, fields) {
    return this.ask(method, path, encoded(form), { "Content-Type": "application/x-www-form-urlencoded", ...fields });
  }

  // The form as our own page would send it.
  async post(path, form = {}, fields = {}) {
    return this.submit("POST", path, form, fields);
  }

  async submit(method, path, form = {}, fields = {}) {
    return this.send(method, path, { csrf: await this.csrf(), ...form }, fields);
  }

  // A token that holds for this browser: of any page with a form in it.
  async csrf() {
    for (const path of ["/settings", "/login"]) {
      const found = /name="csrf" value="([^"]+)"/.exec((await this.get(path)).body);
      if (found) return found[1];
    }
    throw new Error("no page has a form with a token");
  }

  #keep(fields) {
    for (const field of fields) {
      const [, name, value, attributes] = /^([^=]+)=([^;]*)(.*)$/.exec(field);
      if (/Max-Age=0(;|$)/.test(attributes)) this.cookies.delete(name);
      else this.cookies.set(name, value);
    }
  }
}

const encoded = (form) => (typeof form === "string" ? form : new URLSearchParams(form).toString());
