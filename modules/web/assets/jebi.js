// Small comforts for pages that work without them. Each looks for its own data- attribute.

const lang = document.documentElement.lang;
const all = (selector, each) => document.querySelectorAll(selector).forEach(each);

// The room that a text takes, by the rule of the server (modules/tweets/text.h): letters of most scripts 1,
// Hangul, Han and kana 2, one emoji 2, a link 23. The server's word is final; this one is for the eye.
const inside = String.raw`[\w\-./?%&=#~+!*':;@$,]|\([\w\-./%]*\)`;
const path = String.raw`(?:[/?#](?:(?:${inside})*(?:[\w\-/%&=#~+]|\([\w\-./%]*\)))?)?`;
const common = "com|net|org|kr|io|dev|app|me|co|jp|uk|de|fr|info|edu|gov|tv|xyz|ai";
const link = new RegExp(
  String.raw`https?://(?:[\p{L}\p{N}-]{1,63}\.)+[a-z]{2,}(?![\w-])(?::\d+)?${path}` +
    String.raw`|(?<![\w@.\-/])(?:[a-z0-9-]{1,63}\.)+(?:${common})(?![\w@-])${path}`,
  "giu",
);
const emoji = /\p{Emoji_Presentation}|\p{Regional_Indicator}{2}|\ufe0f|\u20e3/u;
const graphemes = Intl.Segmenter ? new Intl.Segmenter(lang, { granularity: "grapheme" }) : null;

const light = (c) =>
  c <= 0x10ff || (c >= 0x2000 && c <= 0x200d) || (c >= 0x2010 && c <= 0x201f) || (c >= 0x2032 && c <= 0x2037);
const sum = (text) => [...text].reduce((weight, c) => weight + (light(c.codePointAt(0)) ? 1 : 2), 0);

// Beyond so many letters a text is too long whatever it says, and looking for links would be felt in typing.
const exact_max = 4000;

export function weigh(typed) {
  const whole = typed.trim().normalize("NFC");
  let links = 0;
  const text = whole.slice(0, exact_max).replace(link, () => (links++, ""));
  let weight = 23 * links + Math.max(0, whole.length - exact_max);
  if (!graphemes) return weight + sum(text);
  for (const { segment } of graphemes.segment(text)) weight += emoji.test(segment) ? 2 : sum(segment);
  return weight;
}

all("[data-counter]", (counter) => {
  const text = document.getElementById(counter.dataset.counter);
  const [number, status] = counter.querySelectorAll("span");
  const fill = counter.querySelector(".c-fill");
  const max = 280;
  const say = (left) => (counter.dataset[left < 0 ? "over" : "left"] ?? "").replace("%n", Math.abs(left));
  const show = () => {
    const left = max - weigh(text.value);
    number.textContent = left;
    fill.setAttribute("stroke-dasharray", `${Math.min(max, max - left)} ${max}`);
    counter.classList.toggle("near", left <= 40 && left >= 0);
    counter.classList.toggle("over", left < 0);
    // Heard only near the limit, and there in steps: not after every key.
    if (left > 40) status.textContent = "";
    else if (left % 10 === 0 || left < 0) status.textContent = say(left);
  };
  counter.hidden = false;
  document.getElementById(`${text.id}-hint`)?.classList.add("unseen");
  text.addEventListener("input", show);
  addEventListener("pageshow", show);
  show();
});

all("textarea[data-grow]", (text) => {
  const grow = () => {
    text.style.height = "auto";
    text.style.height = `${text.scrollHeight + text.offsetHeight - text.clientHeight}px`;
  };
  text.addEventListener("input", grow);
  addEventListener("pageshow", grow);
  text.addEventListener("keydown", (key) => {
    if (key.key === "Enter" && (key.ctrlKey || key.metaKey) && !key.isComposing) text.form.requestSubmit();
  });
});

// A form is sent once, and can be sent again when one comes back to it.
all("form[data-once]", (form) => {
  const buttons = () => form.querySelectorAll("button[type=submit]");
  form.addEventListener("submit", (event) => {
    if (form.dataset.sent) return event.preventDefault();
    form.dataset.sent = "1";
    buttons().forEach((button) => (button.disabled = true));
  });
  addEventListener("pageshow", () => {
    delete form.dataset.sent;
    buttons().forEach((button) => (button.disabled = false));
  });
});

all(".secret", (secret) => {
  const input = secret.querySelector("input");
  const button = document.createElement("button");
  button.type = "button";
  button.setAttribute("aria-controls", input.id);
  const show = (seen) => {
    input.type = seen ? "text" : "password";
    button.textContent = seen ? secret.dataset.hide : secret.dataset.show;
  };
  button.addEventListener("click", () => show(input.type === "password"));
  input.form.addEventListener("submit", () => show(false));
  show(false);
  secret.append(button);
});

// "3분 전" as time goes by; the full time, in the reader's own zone, on hover.
const relative = new Intl.RelativeTimeFormat(lang, { style: "narrow" });
const full = new Intl.DateTimeFormat(lang, { dateStyle: "long", timeStyle: "short" });
const day = new Intl.DateTimeFormat(lang, { dateStyle: "long" });
const ago = (then, now) => {
  const minutes = Math.floor((now - then) / 60000);
  if (minutes < 1) return null;
  if (minutes < 60) return relative.format(-minutes, "minute");
  if (minutes < 24 * 60) return relative.format(-Math.floor(minutes / 60), "hour");
  if (minutes < 7 * 24 * 60) return relative.format(-Math.floor(minutes / 60 / 24), "day");
  return day.format(then);
};
const times = () =>
  all("time[data-ago]", (time) => {
    const text = ago(new Date(time.dateTime), Date.now());
    if (text) time.textContent = text;
  });
all("time[data-ago], time[data-full]", (time) => {
  const then = new Date(time.dateTime);
  if (Number.isNaN(then.getTime())) return time.removeAttribute("data-ago");
  if (time.hasAttribute("data-full")) time.textContent = full.format(then);
  else time.title = full.format(then);
});
times();
setInterval(times, 60000);

// A form that belongs to a button as its `name=value` says, sent without loading the page again; the answer, or null.
const press = async (form, address, fields) => {
  const body = new URLSearchParams(new FormData(form));
  for (const [name, value] of Object.entries(fields)) body.set(name, value);
  const answer = await fetch(address, { method: "POST", headers: { Accept: "application/json" }, body }).catch(() => null);
  return answer?.ok && !answer.redirected ? answer.json() : null;
};

// Likes and reposts: the button and the number beside it change in their place.
all("button[data-act]", (button) => {
  button.addEventListener("click", async (event) => {
    event.preventDefault();
    if (button.dataset.busy) return;
    button.dataset.busy = "1";
    const answer = await press(button.form, button.formAction, { [button.name]: button.value });
    delete button.dataset.busy;
    if (!answer) return button.form.requestSubmit(button);
    button.setAttribute("aria-pressed", answer.set);
    button.value = answer.set ? "DELETE" : "POST";
    button.querySelector(".n").textContent = answer.count;
  });
});

// What is new is read when it is seen.
all("form[data-quiet]", async (form) => {
  const answer = await press(form, form.action, {});
  if (!answer) return;
  form.hidden = true;
  const what = form.action.includes("/messages/") ? "messages" : "notifications";
  show_count(what, answer.unread);
});

function show_count(what, count) {
  all(`[data-count="${what}"]`, (place) => {
    place.hidden = count === 0;
    place.querySelector(".n").textContent = count > 98 ? "99+" : count;
  });
}

// News as they happen, while the page is looked at: the server holds one connection for it.
const { stream } = document.body.dataset;
const feed = document.querySelector("[data-feed]");
const member = document.querySelector("[data-count]");
const newest = () => document.querySelector(".wires:not(.pinned) .tweet")?.id.slice(1) ?? "";
let news = null;
const listen = () => {
  if (document.hidden || news) return;
  news = new EventSource(`${stream}?${new URLSearchParams({ feed: feed?.dataset.feed ?? "", since: newest() })}`);
  const on = (what, then) => news.addEventListener(what, ({ data }) => then(JSON.parse(data).count));
  on("news", (count) => {
    if (!feed) return;
    const number = count > 39 ? "40+" : count;
    feed.dataset.count = count;
    feed.textContent = count === 1 ? feed.dataset.one : feed.dataset.many.replace("%n", number);
  });
  for (const what of ["notifications", "messages"]) on(what, (count) => show_count(what, count));
};
const rest = () => {
  news?.close();
  news = null;
};
if (stream && window.EventSource && (feed || member)) {
  listen();
  document.addEventListener("visibilitychange", () => (document.hidden ? rest() : listen()));
  addEventListener("pagehide", rest);
  addEventListener("pageshow", listen);
}

// Where tabs do not all fit, the one that is shown is seen.
all(".tabs [aria-current]", (tab) => {
  const row = tab.closest("ul");
  row.scrollLeft = tab.offsetLeft - (row.clientWidth - tab.offsetWidth) / 2;
});

// Menus close on Escape, on a click elsewhere, and when another one opens.
const close = (but) => all("details.more[open]", (menu) => menu === but || (menu.open = false));
addEventListener("click", (event) => close(event.target.closest("details.more")));
addEventListener("keydown", (event) => {
  const menu = event.key === "Escape" && document.querySelector("details.more[open]");
  if (menu) {
    menu.open = false;
    menu.querySelector("summary").focus();
  }
});

if (navigator.clipboard) {
  all("[data-copy]", (button) => {
    const name = button.textContent;
    (button.closest("li") ?? button).hidden = false;
    button.hidden = false;
    button.setAttribute("aria-live", "polite");
    button.addEventListener("click", async () => {
      await navigator.clipboard.writeText(new URL(button.dataset.copy, location.href).href);
      button.textContent = button.dataset.done;
      setTimeout(() => (button.textContent = name), 2000);
    });
  });
}

// One key, n, and it can be switched off in the settings (WCAG 2.1.4).
const keys = { get on() { return localStorage.getItem("keys") !== "off"; } };
const write = document.querySelector(".compose textarea") ?? document.querySelector('a[href="/tweets/new"]');
all("[data-keys-help]", (help) => (help.hidden = !write || !keys.on));
all("[data-keys]", (label) => {
  const box = label.querySelector("input");
  label.hidden = false;
  box.checked = keys.on;
  box.addEventListener("change", () => localStorage.setItem("keys", box.checked ? "on" : "off"));
});
addEventListener("keydown", (event) => {
  if (event.key !== "n" || event.ctrlKey || event.metaKey || event.altKey || !write || !keys.on) return;
  if (event.target.closest("input, textarea, select, [contenteditable]")) return;
  event.preventDefault();
  write.matches("a") ? write.click() : write.focus();
});

// While one works on the program: a fresh page when a file is saved, or when the program has started anew.
const { dev } = document.body.dataset;
if (dev) {
  const source = new EventSource(dev);
  let boot;
  source.addEventListener("boot", ({ data }) => (boot && boot !== data ? location.reload() : (boot = data)));
  source.addEventListener("reload", () => location.reload());
}
