// Dots on a phone. Each tap shows at once; what is wanted on a thing waits on this device until the
// server has it, and the last wish stands, however fast the taps and however bad the network.
(() => {
  "use strict";
  if (window.room?.role !== "phone") return;
  const { region, say, fetchRegion } = window.room;

  const STORE = sessionStorage;
  const DAY = 24 * 60 * 60 * 1000;
  // By vote and thing: where to send it, how many dots are wanted, and each number that may stand there by
  // now: what stood when it was tapped, and whatever was sent without an answer since.
  const wishes = () => {
    const all = Object.entries(JSON.parse(STORE.getItem("dots") || "{}"));
    return Object.fromEntries(all.filter(([, one]) => Date.now() - one.at < DAY));
  };
  const keep = (all) => {
    if (Object.keys(all).length) STORE.setItem("dots", JSON.stringify(all)); else STORE.removeItem("dots");
  };

  const key = (form) => `${region().dataset.activity} ${form.elements.thing.value}`;
  const list = () => document.getElementById("dots");
  const forms = () => [...(list()?.querySelectorAll("[data-dot]") || [])];
  const [less, more] = [0, 1];
  const buttons = (form) => [...form.querySelectorAll("button")];
  const number = (form) => form.querySelector("output");
  const shown = (form) => Number(number(form).firstElementChild.textContent);

  const paint = () => {
    if (!list()) return;
    const wanted = wishes();
    const own = forms().map((form) => wanted[key(form)]?.wanted ?? Number(form.elements.had.value));
    const left = Math.max(Number(list().dataset.dots) - own.reduce((sum, one) => sum + one, 0), 0);
    forms().forEach((form, at) => {
      const [figure, words] = number(form).children;
      figure.textContent = own[at];
      words.textContent = `${own[at]} of your dots`;
      form.closest(".vote").classList.toggle("has", own[at] > 0);
      const isFull = !left || own[at] >= Number(list().dataset.most);
      for (const [way, isOff] of [[less, !own[at]], [more, isFull]]) {
        if (isOff) buttons(form)[way].setAttribute("aria-disabled", "true");
        else buttons(form)[way].removeAttribute("aria-disabled");
      }
    });
    const dots = [...document.getElementById("dots-put").children];
    for (const [at, dot] of dots.entries()) dot.classList.toggle("is-put", at < dots.length - left);
    const line = document.getElementById("dots-left");
    const words = `${left} ${left === 1 ? "dot" : "dots"} left`;
    if (line.textContent !== words) line.textContent = words;
  };

  const stands = (answer, thing) => answer.querySelector(`#vote-${thing} [data-dot]`);
  // Into the page that is there, so that no button goes from under a finger; a new one only where
  // nothing can be chosen any more.
  const take = (answer, html) => {
    if (!list() || answer.getElementById("stage")?.dataset.activity !== region().dataset.activity) return;
    if (!answer.getElementById("dots")) { htmx.swap("#stage", html, { swapStyle: "outerHTML" }); return; }
    for (const form of forms()) {
      const anew = stands(answer, form.elements.thing.value);
      if (!anew) continue;
      form.elements.had.value = anew.elements.had.value;
      for (const [at, button] of buttons(anew).entries()) buttons(form)[at].value = button.value;
    }
    const said = [...answer.getElementById("status-line").children];
    if (said.length || isLate) document.getElementById("status-line").replaceChildren(...said);
  };

  let sending = false;
  let isLate = false;
  const send = async () => {
    if (sending) return;
    sending = true;
    const token = JSON.parse(document.body.getAttribute("hx-headers"))["X-CSRFToken"];
    try {
      for (let all = wishes(); Object.keys(all).length; all = wishes()) {
        const [which, wish] = Object.entries(all)[0];
        const { thing } = wish;
        const body = new URLSearchParams([["thing", thing], ["wanted", wish.wanted], ...wish.had.map((one) => ["had", one])]);
        keep({ ...all, [which]: { ...wish, had: [...new Set([...wish.had, wish.wanted])] } });
        const answer = await fetch(wish.to, { method: "POST", body, headers: { "X-CSRFToken": token, "HX-Request": "true" } });
        if (answer.status >= 500) throw new Error(String(answer.status));
        const { [which]: now, ...others } = wishes();
        if (!answer.ok) { keep(others); fetchRegion(); continue; }
        const html = await answer.text();
        const held = document.createElement("template");
        held.innerHTML = html;
        // What was tapped meanwhile goes out next, on top of what stands there by this answer.
        const had = stands(held.content, thing)?.elements.had.value;
        keep(had && now && now.wanted !== wish.wanted ? { ...others, [which]: { ...now, had: [Number(had)] } } : others);
        take(held.content, html);
        isLate = false;
        paint();
      }
    } catch {
      if (!isLate) say("Your dots wait on this phone. We’ll send them when we’re back.");
      isLate = true;
      setTimeout(send, 3000 + Math.random() * 2000);
    } finally {
      sending = false;
    }
  };

  document.addEventListener("submit", (event) => {
    const form = event.target.closest("[data-dot]");
    const button = event.submitter;
    if (!form || !button) return;
    const isMore = button === buttons(form)[more];
    const all = wishes();
    // Past a limit: the server says why, unless it has yet to hear of what came before.
    if (button.getAttribute("aria-disabled") === "true" && !Object.keys(all).length) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    if (button.getAttribute("aria-disabled") === "true") return;
    const wish = all[key(form)] || { had: [Number(form.elements.had.value)], thing: form.elements.thing.value };
    const wanted = shown(form) + (isMore ? 1 : -1);
    keep({ ...all, [key(form)]: { ...wish, to: form.action, wanted, at: Date.now() } });
    paint();
    send();
  }, { capture: true });

  document.addEventListener("htmx:load", paint);
  document.addEventListener("room:back", send);
  paint();
  send();
})();
