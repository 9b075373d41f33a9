// Sends the files of the evidence form in parts that survive a broken line (tus 1.0.0).
// Without this script the form sends everything at once. All texts stand in the page.
(() => {
  "use strict";
  const form = document.getElementById("evidence-form");
  if (!form || !window.tus || !window.tus.isSupported) return;

  const PART = 8 * 1024 * 1024;
  const PAUSES = [1000, 2000, 4000, 8000, 15000, 30000, 30000, 60000, 60000]; // milliseconds
  const words = form.dataset;
  const input = form.querySelector("input[type=file]");
  const list = form.querySelector("[data-files]");
  const status = form.querySelector("[data-status]");
  const row = form.querySelector("template[data-row]");
  const waiting = [];
  let sending = null;
  const open = new Set();

  const token = () => form.elements.namedItem("csrfmiddlewaretoken");
  const headers = (more) => ({ "Tus-Resumable": "1.0.0", "X-CSRFToken": token().value, ...more });
  const isPassing = (code) => code === 0 || code >= 500 || [409, 423, 429].includes(code);
  const say = (text) => { status.textContent = text; };

  // The page as it is now: after signing in anew its form carries another token.
  async function fresh() {
    const answer = await fetch(form.action, { credentials: "same-origin" });
    return new DOMParser().parseFromString(await answer.text(), "text/html");
  }

  async function renewList() {
    const now = (await fresh()).getElementById("evidence-list");
    const shown = document.getElementById("evidence-list");
    if (now && shown) shown.replaceWith(now);
  }

  async function renewToken() {
    const now = (await fresh()).querySelector("#evidence-form input[name=csrfmiddlewaretoken]");
    if (now) token().value = now.value;
  }

  // The server says how a whole file ended; asked again, it says the same again.
  const ending = (one) => fetch(one.upload.url, {
    method: "PATCH",
    credentials: "same-origin",
    headers: headers({ "Upload-Offset": String(one.file.size), "Content-Type": "application/offset+octet-stream" }),
  });

  const pause = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));

  async function ended(one) {
    state(one, words.checking);
    for (const wait of PAUSES) {
      const answer = await ending(one).catch(() => null);
      if (one.over) return;
      if (answer && answer.ok) return succeed(one, answer.headers.get("Sipuma-Scan"));
      if (answer && !isPassing(answer.status)) return fail(one, answer.status, await answer.text());
      await pause(wait);
    }
    fail(one, 0, "");
  }

  function state(one, text) {
    one.part("state").textContent = text;
    say(`${one.file.name}: ${text}`);
  }

  function settle(one) {
    one.over = true;
    open.delete(one);
    one.part("cancel").hidden = one.part("again").hidden = true;
    if (sending === one) sending = null;
    next();
  }

  function succeed(one, scan) {
    hideBar(one);
    state(one, scan === "infected" ? words.quarantined : words.done);
    settle(one);
    renewList().catch(() => location.reload());
  }

  function hideBar(one) {
    one.bar.hidden = true;
    one.part("percent").textContent = "";
  }

  // What may pass is tried again by a button, or when the line is back; the rest is over.
  function fail(one, code, text) {
    const later = isPassing(code) || code === 401 || code === 403;
    const known = { 401: words.ended, 403: words.ended, 413: words.large };
    const reason = code === 422 || code === 413 ? text : "";
    state(one, reason || known[code] || (later ? words.broken : words.failed));
    if (!later) {
      hideBar(one);
      return settle(one);
    }
    one.stopped = true;
    one.part("again").hidden = false;
  }

  async function again(one) {
    if (!one.stopped || one.over) return;
    one.stopped = false;
    one.part("again").hidden = true;
    state(one, words.sending);
    await renewToken().catch(() => {});
    one.upload.start();
  }

  function progress(one, sent, all) {
    const percent = all ? Math.floor((100 * sent) / all) : 100;
    one.bar.value = percent;
    one.part("percent").textContent = `${percent} %`;
    const tenth = Math.floor(percent / 10);
    if (sent >= all) state(one, words.checking);
    else if (tenth !== one.told) say(`${one.file.name}: ${words.sending} ${percent} %`);
    one.told = tenth;
  }

  function cancel(one) {
    one.upload.abort().catch(() => {});
    if (one.upload.url) fetch(one.upload.url, { method: "DELETE", credentials: "same-origin", headers: headers() }).catch(() => {});
    hideBar(one);
    state(one, words.cancelled);
    settle(one);
  }

  function uploadOf(one) {
    return new window.tus.Upload(one.file, {
      endpoint: words.uploads,
      uploadUrl: begun(one.file),
      chunkSize: PART,
      retryDelays: PAUSES,
      parallelUploads: 1,
      storeFingerprintForResuming: false,
      metadata: { filename: one.file.name },
      onBeforeRequest: (request) => request.setHeader("X-CSRFToken", token().value),
      onShouldRetry: (error) => navigator.onLine && isPassing(codeOf(error)),
      onProgress: (sent, all) => progress(one, sent, all),
      onSuccess: () => ended(one),
      onError: (error) => { if (!one.over) fail(one, codeOf(error), bodyOf(error)); },
    });
  }

  const codeOf = (error) => (error.originalResponse ? error.originalResponse.getStatus() : 0);
  const bodyOf = (error) => (error.originalResponse ? error.originalResponse.getBody() : "");

  // The address of an upload of the same file that was begun before, by this member into this case.
  function begun(file) {
    const known = [...form.querySelectorAll("[data-unfinished] li")]
      .find((item) => item.dataset.name === file.name && Number(item.dataset.size) === file.size);
    if (!known) return null;
    drop(known);
    return known.dataset.url;
  }

  function drop(item) {
    const box = item.closest("[data-unfinished]");
    item.remove();
    if (!box.querySelector("li")) box.hidden = true;
  }

  function next() {
    if (sending || !waiting.length) return;
    sending = waiting.shift();
    if (sending.over) { sending = null; return next(); }
    state(sending, words.sending);
    sending.upload.start();
  }

  function add(file) {
    const item = row.content.firstElementChild.cloneNode(true);
    const part = (name) => item.querySelector(`[data-${name}]`);
    const one = { file, part, bar: item.querySelector("progress"), over: false, stopped: false, told: -1 };
    part("name").textContent = file.name;
    one.bar.setAttribute("aria-label", file.name);
    list.append(item);
    open.add(one);
    one.upload = uploadOf(one);
    part("cancel").addEventListener("click", () => cancel(one));
    part("again").addEventListener("click", () => again(one));
    if (file.size > Number(words.most)) { hideBar(one); state(one, words.large); return settle(one); }
    part("state").textContent = words.waiting;
    waiting.push(one);
  }

  input.addEventListener("change", () => {
    [...input.files].forEach(add);
    input.value = "";
    next();
  });
  form.addEventListener("submit", (event) => event.preventDefault());
  form.querySelector("button[type=submit]").remove();
  form.querySelectorAll("[data-unfinished]").forEach((box) => { box.hidden = false; });
  form.querySelectorAll("[data-forget]").forEach((button) => button.addEventListener("click", () => {
    const item = button.closest("li");
    fetch(item.dataset.url, { method: "DELETE", credentials: "same-origin", headers: headers() })
      .then(() => drop(item))
      .catch(() => say(words.broken));
  }));
  window.addEventListener("online", () => open.forEach(again));
  window.addEventListener("beforeunload", (event) => { if (open.size) event.preventDefault(); });
})();
