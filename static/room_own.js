// What is one person's own on their phone: words and answers that are not with us yet.
(() => {
  "use strict";
  if (window.room?.role !== "phone") return;
  const { region, typed, show, say, fetchRegion } = window.room;

  // --- words that are not sent yet stay on this device, for a day at most
  const STORE = sessionStorage;
  const DAY = 24 * 60 * 60 * 1000;
  const typedIn = (form) => [...form.querySelectorAll("textarea, input[type=text]")];
  const draftKey = (field) => `draft ${region().dataset.activity} ${field.id}`;
  const keepDrafts = () => {
    for (const field of typed()) {
      // What is on its way is no draft: the stream may bring it back before the answer does.
      const isDraft = field.value && field.value !== field.dataset.sent;
      if (isDraft) STORE.setItem(draftKey(field), JSON.stringify([Date.now(), field.value]));
      else STORE.removeItem(draftKey(field));
    }
  };
  const waiting = () => JSON.parse(STORE.getItem("outbox") || "[]").filter((one) => Date.now() - one.at < DAY);
  const keep = (notes) => {
    if (notes.length) STORE.setItem("outbox", JSON.stringify(notes)); else STORE.removeItem("outbox");
  };
  let caret = null;
  document.addEventListener("htmx:beforeSwap", () => {
    const field = document.activeElement;
    caret = typed().includes(field) ? [field.id, field.selectionStart, field.selectionEnd] : null;
  });
  const start = () => {
    for (const form of document.querySelectorAll("[data-note-form]")) {
      const id = form.elements.id;
      if (!id.value) id.value = crypto.randomUUID();
      for (const field of typedIn(form)) {
        const [at, words] = JSON.parse(STORE.getItem(draftKey(field)) || "[0, \"\"]");
        if (!words || field.value || Date.now() - at >= DAY) continue;
        field.value = words;
        if (caret?.[0] === field.id) field.setSelectionRange(caret[1], caret[2]);
      }
    }
    keepDrafts(); // words that came back with what is wrong with them are a draft again
  };
  document.addEventListener("htmx:load", () => { if (document.querySelector("[data-refused]")) keepDrafts(); });
  document.addEventListener("input", (event) => { if (event.target.closest("[data-note-form]")) keepDrafts(); });
  document.addEventListener("htmx:load", start);
  document.addEventListener("htmx:beforeRequest", (event) => {
    const form = event.target.closest?.("[data-note-form]");
    for (const field of form ? typedIn(form) : []) {
      field.dataset.sent = field.value;
      STORE.removeItem(draftKey(field));
    }
  });
  const sendLater = (event) => {
    const form = event.target.closest?.("[data-note-form]");
    if (!form) return;
    const said = [...new FormData(form)].filter(([name]) => name !== "csrfmiddlewaretoken");
    const note = { at: Date.now(), to: form.action, id: form.elements.id.value, said };
    if (!form.elements.text.value.trim()) return;
    keep([...waiting().filter((one) => one.id !== note.id), note]);
    for (const field of typedIn(form)) field.value = "";
    form.elements.id.value = crypto.randomUUID();
    show("lost");
    tellWaiting();
    setTimeout(flush, 3000);
  };
  document.addEventListener("htmx:sendError", sendLater);
  document.addEventListener("htmx:responseError", (event) => {
    if (event.detail.xhr.status >= 500) sendLater(event);
  });
  const tellWaiting = () => {
    const count = waiting().length;
    if (count) say(count === 1 ? "One note waits on this phone. We’ll send it when we’re back." : `${count} notes wait on this phone. We’ll send them when we’re back.`);
  };
  let flushing = false;
  const flush = async () => {
    if (flushing || !waiting().length) return;
    flushing = true;
    const token = JSON.parse(document.body.getAttribute("hx-headers"))["X-CSRFToken"];
    try {
      let late = 0;
      for (const note of waiting()) {
        const sent = new URLSearchParams(note.said);
        const answer = await fetch(note.to, { method: "POST", body: sent, headers: { "X-CSRFToken": token, "HX-Request": "true" } });
        if (answer.status >= 500) throw new Error(String(answer.status));
        if (answer.headers.has("X-Not-Kept")) { late += 1; continue; }
        keep(waiting().filter((one) => one.id !== note.id));
      }
      say(late ? "It closed before your words reached us. They’re still on this phone." : "We’re back, and your words are sent.");
      if (!late) fetchRegion();
    } catch {
      tellWaiting();
      setTimeout(flush, 3000 + Math.random() * 2000);
    } finally {
      flushing = false;
    }
  };

  // --- an answer on scales is kept as soon as all of it is there
  document.addEventListener("change", (event) => {
    const form = event.target.closest("[data-keep]");
    if (!form || event.target.type !== "radio") return;
    const names = new Set([...form.querySelectorAll("input[type=radio]")].map((box) => box.name));
    if ([...names].every((name) => form.elements[name].value)) form.requestSubmit();
  });

  document.addEventListener("room:back", flush);
  start();
  tellWaiting();
  flush();
})();
