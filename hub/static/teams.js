// Inside Teams: its theme, its sign-in and its deep links. Elsewhere nothing more is loaded.
"use strict";

(() => {
  const TEAMS_JS = "https://res.cdn.office.net/teams-js/2.58.0/js/MicrosoftTeams.min.js";
  const ITS_HASH = "sha384-sMo/EOqQPa1OCup2/VBRum7oFeOS22kvs8WGDc45xK53tUVZzFR5WwFYDUYN1LO4";
  const ANSWERS_WITHIN = 15_000;
  const THEMES = { default: "light", light: "light", glass: "light", dark: "dark", contrast: "contrast" };

  const READ_ON = "You can read the programme without signing in. To book, open the chat.";
  const FAULTS = {
    consent: `Teams may not tell Learnweek who you are yet: somebody has to agree to it first. ${READ_ON}`,
    disabled: `Signing in from Teams is not set up in your organisation. ${READ_ON}`,
    interaction: "Your organisation wants you to confirm who you are, which works in a browser, not here. " + READ_ON,
    cookie: `Teams did not keep you signed in: cookies are blocked for this page. ${READ_ON}`,
    refused: `You could not be signed in here. ${READ_ON}`,
    later: `You could not be signed in just now. ${READ_ON}`,
  };

  // Phones show no frame, but have this.
  if (window.parent === window && !("nativeInterface" in window)) return;

  const root = document.documentElement;
  const asked = new URLSearchParams(location.search);

  const show = (theme) => {
    if (!Object.hasOwn(THEMES, theme)) return;
    root.dataset.theme = THEMES[theme];
    try {
      sessionStorage.setItem("theme", theme);
    } catch {
      // Storage may be blocked: then the theme comes a moment later on each page.
    }
  };

  const remembered = () => {
    try {
      return sessionStorage.getItem("theme");
    } catch {
      return null;
    }
  };

  // Before anything is drawn.
  const wish = new URLSearchParams((asked.get("to") ?? "").split("?")[1]);
  show(asked.get("theme") ?? wish.get("theme") ?? remembered());

  const loaded = () => new Promise((done, failed) => {
    const script = document.createElement("script");
    script.src = TEAMS_JS;
    script.integrity = ITS_HASH;
    script.crossOrigin = "anonymous";
    script.onload = () => done(window.microsoftTeams);
    script.onerror = () => failed(new Error("TeamsJS was not loaded"));
    document.head.append(script);
  });

  const inTime = (promise) => Promise.race([
    promise,
    new Promise((_, failed) => { setTimeout(() => failed(new Error("no answer")), ANSWERS_WITHIN); }),
  ]);

  const standing = async () => (await fetch("/hub/session", { cache: "no-store" })).json();

  const why = (error) => {
    const words = String(error?.message ?? error);
    if (/consent/i.test(words)) return "consent";
    if (/resource.?disabled|invalid.?resource|not supported/i.test(words)) return "disabled";
    if (/interaction|login.?required|cancel|FailedToOpenWindow/i.test(words)) return "interaction";
    return "later";
  };

  // What went wrong, or null.
  const signIn = async (teams) => {
    let token;
    try {
      token = await teams.authentication.getAuthToken();
    } catch (error) {
      return why(error);
    }
    try {
      const headers = { Authorization: `Bearer ${token}` };
      const answer = await fetch("/hub/session", { method: "POST", headers });
      if (answer.status === 401) return "refused";
      if (!answer.ok) return "later";
      return (await standing()).signed_in ? null : "cookie";
    } catch {
      return "later";
    }
  };

  const link = (words, address, kind) => {
    const made = document.createElement("a");
    made.textContent = words;
    made.href = address;
    made.className = kind;
    if (address.startsWith("http")) {
      made.target = "_blank";
      made.rel = "noopener";
    }
    return made;
  };

  const tell = async (fault, again) => {
    const place = document.querySelector("[data-sign-in]") ?? document.createElement("div");
    place.dataset.signIn = "";
    place.className = "notice in-teams";
    place.setAttribute("role", "status");
    place.replaceChildren();
    if (!place.isConnected) document.getElementById("main").prepend(place);
    if (wanted()) {
      // A page that only signs in.
      document.querySelector("h1").textContent = "You could not be signed in";
      document.querySelector(".lead")?.remove();
    }
    const words = document.createElement("p");
    words.textContent = FAULTS[fault];
    const retry = document.createElement("button");
    retry.type = "button";
    retry.className = "second";
    retry.textContent = "Try again";
    retry.addEventListener("click", () => {
      place.replaceChildren("Signing you in…");
      again();
    });
    const buttons = document.createElement("p");
    buttons.className = "buttons";
    const chat = await standing().then((now) => now.chat, () => "");
    if (chat) buttons.append(link("Open the chat", chat, "button"));
    buttons.append(retry);
    if (wanted()) buttons.append(link("See the programme", "/hub", ""));
    buttons.append(link("Open this page in your browser", elsewhere(), ""));
    place.append(words, buttons);
  };

  // The same page outside Teams, which is told so by none of these words.
  const elsewhere = () => {
    const address = new URL(wanted() ?? location.href, location.href);
    ["in", "theme"].forEach((name) => address.searchParams.delete(name));
    return address.href;
  };

  // Where somebody was going when they were asked to sign in.
  const wanted = () => document.querySelector("[data-to]")?.dataset.to ?? null;

  // A deep link names its session to the tab's own page alone: from there on people go where they like.
  const linked = (context) => {
    const code = asked.get("in") === "teams" ? context.page?.subPageId : "";
    return code ? `/hub/sessions/${encodeURIComponent(code)}` : null;
  };

  const enter = async (teams, context) => {
    const to = wanted() ?? linked(context);
    // Not every page says who reads it, so the cookie is asked for before Teams is.
    const known = "visitor" in root.dataset || await standing().then((now) => now.signed_in, () => false);
    const fault = known ? null : await signIn(teams);
    if (fault) await tell(fault, () => enter(teams, context));
    else if (document.querySelector("[data-again]")) sendBack(to);
    else if (to) location.replace(to);
    else if (!known) location.reload();
  };

  // What they pressed was not done, because they had been signed out: they are not to think that it was.
  const sendBack = (to) => {
    document.querySelector("h1").textContent = "You are signed in again";
    const words = document.querySelector(".lead");
    words.setAttribute("role", "status");
    words.textContent = "Nothing was changed. Go back, and press it once more.";
    const back = document.querySelector("[data-again]");
    back.textContent = "Go back";
    back.href = to ?? "/hub";
    document.querySelector("[data-without]")?.remove();
  };

  const dress = (teams) => {
    // Whoever leaves is signed in again by the next page.
    document.querySelector('form[action="/hub/sign-out"]')?.closest("li")?.setAttribute("hidden", "");
    document.addEventListener("click", (event) => {
      const found = event.target.closest?.('a[href^="https://teams.microsoft.com/l/"]');
      if (!found) return;
      event.preventDefault();
      teams.app.openLink(found.href).catch(() => window.open(found.href, "_blank", "noopener"));
    });
  };

  const begin = async () => {
    let teams;
    let context;
    try {
      teams = await inTime(loaded());
      await inTime(teams.app.initialize());
      context = await inTime(teams.app.getContext());
    } catch {
      if (!("visitor" in root.dataset)) await tell("later", () => location.reload());
      return;
    }
    show(context.app.theme);
    teams.app.registerOnThemeChangeHandler(show);
    dress(teams);
    teams.app.notifyAppLoaded();
    teams.app.notifySuccess();
    await enter(teams, context);
  };

  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", begin);
  else begin();
})();
