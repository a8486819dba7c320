// Places left as they change, a link to copy, shorter addresses: the pages can be read without.
"use strict";

const part = document.querySelector("[data-places]");

/** Every label on the page by the session's id: one may stand in it twice. */
const labels = new Map();
for (const holder of document.querySelectorAll("[data-session]")) {
  const label = holder.querySelector(".state");
  if (label === null) continue;
  const title = holder.querySelector("h3")?.textContent ?? document.querySelector("h1").textContent;
  const known = labels.get(holder.dataset.session) ?? [];
  labels.set(holder.dataset.session, [...known, { holder, label, title: title.trim() }]);
}

/** Tells a screen reader what has become full or free: all at once, and seldom. */
const teller = (() => {
  const SELDOM = 30_000;
  const AT_MOST = 3;
  const said = document.querySelector("[data-told]");
  const news = new Map();
  let waits = null;

  const tell = () => {
    waits = null;
    if (news.size === 0) return;
    const lines = [...news].map(([title, words]) => `${title}: ${words}`);
    const more = lines.length - AT_MOST;
    said.textContent = lines.slice(0, AT_MOST).join(". ") + (more > 0 ? `. And ${more} more.` : ".");
    news.clear();
    waits = setTimeout(tell, SELDOM);
  };

  return (title, words) => {
    news.set(title, words);
    waits ??= setTimeout(tell, 1000);
  };
})();

const show = (id, standing, words) => {
  for (const { holder, label, title } of labels.get(id) ?? []) {
    if (label.textContent === words) continue;
    const before = label.classList.item(1);
    label.textContent = words;
    label.className = `state ${standing}`;
    if (holder.classList.contains(before)) holder.classList.replace(before, standing);
    if (before !== standing) teller(title, words);
  }
};

// --- places ---------------------------------------------------------------------------------------

const AGAIN = 30_000;
let source = null;
let later = null;

const listen = () => {
  later = null;
  if (source !== null || document.hidden) return;
  source = new EventSource(part.dataset.places);
  source.addEventListener("message", ({ data }) => {
    for (const [id, [standing, words]] of Object.entries(JSON.parse(data))) show(id, standing, words);
    part.dataset.live = "";
  });
  source.addEventListener("error", () => {
    delete part.dataset.live;
    // The browser comes back by itself, unless it was refused: too many may be listening.
    if (source?.readyState !== EventSource.CLOSED) return;
    source = null;
    later ??= setTimeout(listen, AGAIN * (1 + Math.random()));
  });
};

const stop = () => {
  clearTimeout(later);
  later = null;
  source?.close();
  source = null;
};

if (part !== null && labels.size > 0 && "EventSource" in window) {
  // What nobody sees need not be told: browsers keep few lines open to one place.
  document.addEventListener("visibilitychange", () => (document.hidden ? stop() : listen()));
  window.addEventListener("pagehide", stop);
  window.addEventListener("pageshow", listen);
  listen();
}

// --- printing: places are those of this moment, by the server's clock ------------------------------

const shown = performance.now();
window.addEventListener("beforeprint", () => {
  if (part?.dataset.live === undefined) return;
  const now = new Date(Date.parse(part.dataset.now) + performance.now() - shown);
  const said = (options) => new Intl.DateTimeFormat("en-GB", { timeZone: part.dataset.zone, ...options }).format(now);
  const day = said({ weekday: "long", day: "numeric", month: "long", year: "numeric" }).replace(",", "");
  document.querySelector("[data-as-of]").textContent =
    `${said({ hour: "2-digit", minute: "2-digit" })} on ${day}`;
});

// --- a link to copy -------------------------------------------------------------------------------

for (const button of document.querySelectorAll("[data-copy]")) {
  if (!navigator.clipboard) continue;
  button.hidden = false;
  button.addEventListener("click", async () => {
    const said = document.querySelector("[data-copied]");
    const link = new URL(button.dataset.copy, location.href).href;
    try {
      await navigator.clipboard.writeText(link);
      said.textContent = "Link copied.";
    } catch {
      said.textContent = `The link could not be copied. It is ${link}`;
    }
  });
}

// --- what was left empty need not stand in the address ---------------------------------------------

document.querySelector("form.find")?.addEventListener("formdata", ({ formData }) => {
  for (const [name, value] of [...formData]) if (value === "") formData.delete(name);
});
