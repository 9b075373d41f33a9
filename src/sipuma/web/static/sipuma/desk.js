// What htmx leaves to do on the recording form: says what became of a draft and of a failed sending.
// The words stand in the page (data attributes of #desk-line), so that they are in its language.
(() => {
  "use strict";
  const at = (id) => document.getElementById(id);
  // Counts of what was typed: so far, when the draft on its way was sent, when the newest kept one was.
  let typed = 0;
  let sent = 0;
  let kept = 0;
  let ended = false;

  const isDraft = (event) => event.detail.elt.id === "draft-line";
  const form = () => at("desk-line")?.closest("form");

  const say = (id, name, time = "") => {
    at(id).textContent = at("desk-line").dataset[name].replace("{time}", time);
  };

  const failed = (event, ofDraft, ofSending) => {
    if (isDraft(event)) say("draft-line", ofDraft);
    else {
      at("draft-line").textContent = "";
      say("send-line", ofSending);
    }
  };

  const tellEnd = (yes) => {
    ended = yes;
    at("ended-line").hidden = !yes;
    if (yes) at("draft-line").textContent = at("send-line").textContent = "";
  };

  const tryAgain = () => {
    // Also when nothing was typed since: the answer tells whether the session is there again.
    if (ended) kept = -1;
    ended = false;
    if (form()) htmx.trigger("#draft-line", "again");
  };

  const on = (name, act) => document.addEventListener(name, (event) => {
    if (form()?.contains(event.target)) act(event);
  });

  on("input", () => { typed += 1; });

  on("htmx:beforeRequest", (event) => {
    if (!isDraft(event)) {
      at("send-line").textContent = "";
      say("draft-line", "sending");
    }
    // Nothing new: then an idle page does not keep its session alive either.
    else if (typed === kept || ended) event.preventDefault();
    else sent = typed;
  });

  on("htmx:beforeOnLoad", (event) => {
    // A request of an ended session is led to the sign-in page, which must not take this page's place.
    if (new URL(event.detail.xhr.responseURL).pathname === form().dataset.signIn) {
      event.preventDefault();
      tellEnd(true);
    } else if (ended || !at("ended-line").hidden) tellEnd(false);
  });

  on("draft-saved", (event) => {
    kept = sent;
    say("draft-line", "saved", event.detail.at);
  });

  on("htmx:sendError", (event) => failed(event, "broken", "unsent"));
  on("htmx:timeout", (event) => failed(event, "broken", "unsent"));
  on("htmx:responseError", (event) => {
    const status = event.detail.xhr.status;
    if (status === 413) failed(event, "large", "large");
    // 403: the cookies are gone with the session.
    else if (status === 403) tellEnd(true);
    else failed(event, "failed", "refused");
  });

  window.addEventListener("online", tryAgain);
  window.addEventListener("focus", () => { if (ended) tryAgain(); });
})();
