// The token of whoever reads a tenant's rows, or reads from another machine. It is kept for this tab alone, and sent to this
// origin alone: a cookie would go to every program of this host, whatever its port.
import { by_id, element, say } from "./page.js";

const key = "log-analytics-token";
const token = () => sessionStorage.getItem(key) ?? "";
export const has_token = () => token() !== "";
export const token_fields = () => (has_token() ? { Authorization: `Bearer ${token()}` } : {});

export function ask_for_token(is_wanted = true) {
  by_id("token-form").hidden = !is_wanted;
  by_id("token-open").setAttribute("aria-expanded", is_wanted);
  if (is_wanted) by_id("token").focus();
}

function keep(text) {
  if (text) sessionStorage.setItem(key, text);
  else sessionStorage.removeItem(key);
  location.reload();
}

export function listen_for_token() {
  by_id("token-open").addEventListener("click", () => ask_for_token(by_id("token-form").hidden));
  by_id("token-forget").hidden = !has_token();
  by_id("token-forget").addEventListener("click", () => keep(""));
  by_id("token-form").addEventListener("submit", (event) => {
    event.preventDefault();
    keep(by_id("token").value.trim());
  });
  // Links cannot carry a token: what they lead to is fetched, and saved or shown.
  addEventListener("click", (event) => {
    const link = has_token() && event.target.closest("a[href^='/query'], a[href^='/traces/']");
    if (!link) return;
    event.preventDefault();
    (link.download ? save : show)(link).catch((error) => {
      by_id("trouble").textContent = error.message;
      by_id("trouble").hidden = false;
    });
  });
}

async function save(link) {
  const response = await fetch(link.href, { headers: token_fields() });
  if (!response.ok) throw new Error(await response.text());
  const made = document.createElement("a");
  made.href = URL.createObjectURL(await response.blob());
  made.download = link.download;
  made.click();
  setTimeout(() => URL.revokeObjectURL(made.href), 10_000);
}

// What a page without scripts has, above this one.
async function show(link) {
  const response = await fetch(link.href, { headers: { ...token_fields(), Accept: "text/html" } });
  const page = new DOMParser().parseFromString(await response.text(), "text/html");
  const close = element("button", { class: "button quiet small" }, say("close"));
  const dialog = element("dialog", { class: "above", "aria-label": link.textContent, onclose: () => dialog.remove() },
    element("form", { method: "dialog" }, close), ...page.getElementById("main").childNodes);
  document.body.append(dialog);
  dialog.showModal();
}
