// GitHub as far as a sign-in goes: authorize, token and user, as its documentation has them. It keeps to the rules (a code
// is good once, for one client, one redirect URI and the verifier of one challenge), and misbehaves when a test asks it to.
import { createHash, randomBytes } from "node:crypto";
import { createServer } from "node:http";

export const octocat = { id: 583231, login: "octocat", name: "The Octocat" };

export class FakeGitHub {
  static async start() {
    const github = new FakeGitHub();
    await new Promise((resolve) => github.server.listen(0, "127.0.0.1", resolve));
    github.url = `http://127.0.0.1:${github.server.address().port}`;
    return github;
  }

  client_id = "Iv1.test";
  client_secret = "a secret between jebi and GitHub";
  person = octocat; // who is signed in at GitHub
  says_no = false; // at the question whether jebi may know them
  // Answers in place of the right ones: {token: {status, body}, user: {status, body}, or "silence"}.
  instead = {};
  asked = { authorize: 0, token: 0, user: 0 };
  #codes = new Map();
  #tokens = new Map();
  #silenced = [];

  server = createServer(async (request, response) => {
    const url = new URL(request.url, "http://github");
    let body = "";
    for await (const chunk of request) body += chunk;
    const what = url.pathname.slice(1);
    this.asked[what] += 1;
    const instead = this.instead[what];
    if (instead === "silence") return void this.#silenced.push(response);
    if (instead) return void answer(response, instead.status, instead.body);
    if (what === "authorize") return this.#authorize(url.searchParams, response);
    if (what === "token") return this.#token(new URLSearchParams(body), response);
    if (what === "user") return this.#user(request, response);
    return void answer(response, 404, {});
  });

  // What jebi is told of it.
  environment() {
    return {
      JEBI_GITHUB_CLIENT_ID: this.client_id,
      JEBI_GITHUB_CLIENT_SECRET: this.client_secret,
      JEBI_GITHUB_AUTHORIZE_URL: `${this.url}/authorize`,
      JEBI_GITHUB_TOKEN_URL: `${this.url}/token`,
      JEBI_GITHUB_USER_URL: `${this.url}/user`,
    };
  }

  #authorize(asked, response) {
    const back = new URL(asked.get("redirect_uri"));
    back.searchParams.set("state", asked.get("state"));
    if (asked.get("client_id") !== this.client_id || asked.get("code_challenge_method") !== "S256") {
      return void answer(response, 404, {});
    }
    if (this.says_no) {
      back.searchParams.set("error", "access_denied");
    } else {
      const code = randomBytes(10).toString("hex");
      this.#codes.set(code, { redirect_uri: asked.get("redirect_uri"), challenge: asked.get("code_challenge"), person: this.person });
      back.searchParams.set("code", code);
    }
    response.writeHead(302, { Location: back.href }).end();
  }

  #token(form, response) {
    const code = this.#codes.get(form.get("code"));
    this.#codes.delete(form.get("code"));
    const challenge = createHash("sha256").update(form.get("code_verifier") ?? "").digest("base64url");
    const fits = code && form.get("client_id") === this.client_id && form.get("client_secret") === this.client_secret &&
      form.get("redirect_uri") === code.redirect_uri && challenge === code.challenge;
    // GitHub says so with a 200.
    if (!fits) return void answer(response, 200, { error: "bad_verification_code", error_description: "The code is incorrect or expired." });
    const token = `gho_${randomBytes(12).toString("hex")}`;
    this.#tokens.set(token, code.person);
    answer(response, 200, { access_token: token, token_type: "bearer", scope: "" });
  }

  #user(request, response) {
    const person = this.#tokens.get((request.headers.authorization ?? "").replace("Bearer ", ""));
    if (!person || !request.headers["user-agent"]) return void answer(response, 401, { message: "Bad credentials" });
    answer(response, 200, { ...person, email: "somebody.else@example.org", type: "User" });
  }

  async stop() {
    for (const response of this.#silenced) response.destroy();
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }
}

function answer(response, status, body) {
  const text = typeof body === "string" ? body : JSON.stringify(body);
  response.writeHead(status, { "Content-Type": "application/json" }).end(text);
}
