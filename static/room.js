// The live room: tells what happens as it happens. Every page works without it, by a refresh.
// A phone gets what changed with the stream; the console and the big screen fetch their region.
(() => {
  "use strict";
  const body = document.body;
  const role = body.dataset.role;
  if (!role) return;

  const region = () => document.getElementById(role === "console" ? "console" : "stage");
  let seq = Number(region().dataset.seq);
  const known = (value) => { if (Number(value) > seq) seq = Number(value); };
  document.addEventListener("htmx:afterSettle", () => known(region()?.dataset.seq || 0));

  // --- the state line tells the truth
  const WORDS = {
    live: "Live",
    slow: "Every 5 seconds",
    lost: role === "phone" ? "We’ve lost touch. Your words are safe on this phone." : "Reconnecting",
  };
  let state = "";
  const show = (to) => {
    if (to === state) return;
    state = to;
    const line = document.getElementById("state");
    if (!line) return;
    line.textContent = WORDS[to];
    line.dataset.state = to;
    if (role === "screen") line.hidden = to === "live";
  };
  document.addEventListener("htmx:afterSettle", () => {
    const line = document.getElementById("state");
    if (line && !line.dataset.state) { const was = state; state = ""; show(was || "live"); }
  });

  // --- fetching the region anew
  let fetching = false;
  let again = false;
  let dragging = false;
  // A list that is open would be shut by a new region.
  const isOpen = CSS.supports("selector(select:open)") ? "select:open" : "select:not(*)";
  const busy = () => {
    // What came too late stays on the page until its writer leaves it.
    if (dragging || document.querySelector("[data-refused]")) return true;
    // Whoever goes on to the button with Tab, or puts the phone down, still has words to send.
    if (role === "phone" && drafts().some((field) => field.value.trim())) return true;
    const field = document.activeElement;
    if (field?.matches(isOpen)) return true;
    const typing = "textarea, input[type=text], input[type=search]";
    return Boolean(field?.matches(typing) && field.value.trim());
  };
  // While what somebody pressed is on its way, nothing may take its form off the page: the answer
  // would find no place to go.
  let pressed = 0;
  document.addEventListener("htmx:beforeRequest", (event) => {
    const { xhr, requestConfig } = event.detail;
    if (requestConfig.elt === body) return;
    pressed += 1;
    // Not htmx's own event: it reaches nobody where another answer took the form off the page. That
    // answer's words found no place then, so the region is fetched. We look before the answer is put
    // in: it may take the form off itself, and what it says (such as what is wrong) has to stay.
    let placeless = false;
    xhr.addEventListener("readystatechange", () => {
      if (xhr.readyState === 4) placeless = !document.contains(requestConfig.elt);
    });
    xhr.addEventListener("loadend", () => {
      pressed -= 1;
      if (placeless) soon();
    });
  });

  // What somebody ticked, chose or typed on the console, as it is when the new region comes.
  let kept = {};
  document.addEventListener("htmx:beforeSwap", (event) => {
    if (event.detail.requestConfig.elt !== body || event.detail.target !== region()) return;
    if (pressed || (role === "console" && busy())) {
      event.detail.shouldSwap = false;
      again = true;
      return;
    }
    const here = region();
    kept = {
      typed: [...here.querySelectorAll("input[type=text]")].filter((field) => field.id && field.value),
      open: [...here.querySelectorAll("details[open] > summary")].map((one) => one.textContent),
      picked: [...here.querySelectorAll("input[name=note]:checked")].map((box) => box.value),
      chosen: document.getElementById("to")?.value,
      half: [...here.querySelectorAll("input[type=radio]:checked")].map((box) => box.id),
    };
  });
  const bringBack = () => {
    for (const box of region().querySelectorAll("input[name=note]")) {
      if (kept.picked?.includes(box.value)) box.checked = true;
    }
    for (const field of role === "console" ? kept.typed || [] : []) {
      const anew = document.getElementById(field.id);
      if (anew) anew.value = field.value;
    }
    for (const one of region().querySelectorAll("details > summary")) {
      if (kept.open?.includes(one.textContent)) one.parentElement.open = true;
    }
    const to = document.getElementById("to");
    if (to && [...to.options].some((one) => one.value === kept.chosen)) to.value = kept.chosen;
    // Half an answer that is not kept yet; where one was kept, that stands.
    for (const box of (kept.half || []).map((id) => document.getElementById(id))) {
      if (box && !box.form.elements[box.name].value) box.checked = true;
    }
    kept = {};
  };
  // What the search boxes hold, with every tick: what is ticked stays in sight.
  const lookedFor = (here) => {
    const asked = new URLSearchParams();
    for (const box of here.querySelectorAll("[data-find]")) {
      if (box.value.trim()) asked.set(box.name, box.value);
    }
    if (!asked.size) return asked;
    for (const box of here.querySelectorAll("input[name=note]:checked")) asked.append("note", box.value);
    return asked;
  };
  const fetchRegion = async ({ force = false, ifNew = false } = {}) => {
    if (!force && document.querySelector("[data-refused]")) return;
    if (fetching || pressed || (role === "console" && busy())) { again = true; soon(500); return; }
    if (role === "phone" && busy() && !force) { if (ifNew) await look(); return; }
    fetching = true;
    again = false;
    const here = region();
    const asked = lookedFor(here);
    if (ifNew) asked.set("since", seq);
    const page = [here.dataset.page, asked.toString()].filter(Boolean).join("?");
    try {
      await htmx.ajax("GET", page, { target: `#${here.id}`, swap: "outerHTML" });
      bringBack();
      if (role === "console" && region().dataset.activity === here.dataset.activity) {
        news(region().dataset.notes - here.dataset.notes);
      }
      if (role === "phone") {
        if (region().dataset.activity !== here.dataset.activity) moveOn();
        if (["activity", "shown"].some((one) => region().dataset[one] !== here.dataset[one])) forget();
      }
    } finally {
      fetching = false;
      if (again) soon(500);
    }
  };
  let wait;
  const soon = (after = role === "console" ? 300 : 150) => {
    clearTimeout(wait);
    wait = setTimeout(() => fetchRegion(), after);
  };

  // What others wrote is said as a number, at most every five seconds, however much it is.
  let arrived = 0;
  let soonSaid;
  const news = (more) => {
    if (more > 0) arrived += more;
    if (!arrived || soonSaid) return;
    soonSaid = setTimeout(() => {
      document.getElementById("news").textContent = `${arrived} new ${arrived === 1 ? "note" : "notes"}`;
      arrived = 0;
      soonSaid = setTimeout(() => { soonSaid = undefined; news(0); }, 4000);
    }, 1000);
  };

  // What was said of the part before is no news in the next one, unless it was said just now.
  let saidAt = 0;
  const forget = () => {
    if (Date.now() - saidAt > 5000) document.getElementById("status-line").replaceChildren();
  };

  // --- a phone is never pulled away from somebody who writes
  const offer = () => {
    const line = document.getElementById("moved");
    if (!line.hidden) return;
    line.hidden = false;
    line.textContent = "We’ve moved on. ";
    const button = document.createElement("button");
    button.type = "button";
    button.className = "linkbtn";
    button.textContent = "Join when you’re ready";
    button.addEventListener("click", () => { keepDrafts(); fetchRegion({ force: true }); });
    line.append(button);
  };
  const moveOn = () => {
    const line = document.getElementById("moved");
    const pressed = line.contains(document.activeElement);
    line.hidden = true;
    if (pressed) region().querySelector("h1").focus();
  };
  // Where there is no stream, whoever writes hears of it all the same.
  const look = async () => {
    const here = region().dataset;
    const address = `${here.page}?since=${seq}`;
    const answer = await fetch(address, { headers: { "HX-Request": "true" } });
    if (answer.status !== 200) return;
    const held = document.createElement("template");
    held.innerHTML = await answer.text();
    if (held.content.getElementById("stage")?.dataset.activity !== here.activity) offer();
  };

  const put = (element) => {
    if (element.id === "stage") {
      const old = document.getElementById("stage");
      const same = old.dataset.activity === element.dataset.activity;
      if (busy()) { if (same) later(); else offer(); return; }
      if (same || pressed || "own" in element.dataset) { later(); return; }
    }
    const old = document.getElementById(element.id);
    if (old) {
      document.dispatchEvent(new CustomEvent("part:leaves", { detail: old }));
      old.replaceWith(element);
      document.dispatchEvent(new CustomEvent("part:came", { detail: element }));
    } else {
      const list = element.dataset.into && document.getElementById(element.dataset.into);
      if (!list) return;
      list.append(element);
      if (!element.hidden) news(1);
    }
    htmx.process(element);
    document.dispatchEvent(new CustomEvent("htmx:load", { detail: { elt: element } }));
    if (element.id === "stage") {
      moveOn();
      forget();
      window.scrollTo(0, 0);
    }
  };
  // What is one's own is fetched, each phone at a moment of its own.
  let fetchLater;
  const later = () => {
    clearTimeout(fetchLater);
    fetchLater = setTimeout(() => fetchRegion(), 200 + Math.random() * 1500);
  };

  const heard = (event) => {
    show("live");
    const held = document.createElement("template");
    held.innerHTML = event.data;
    if (role !== "phone") {
      const present = held.content.getElementById("present");
      if (present) document.getElementById("present")?.replaceChildren(present.textContent);
      else soon();
      return;
    }
    known(event.lastEventId);
    for (const element of [...held.content.children]) put(element);
  };

  // --- the stream, and asking every few seconds where there is none
  let source;
  let failures = 0;
  let polling;
  const poll = () => {
    clearInterval(polling);
    polling = setInterval(() => {
      fetchRegion({ ifNew: true }).then(() => { if (source?.readyState !== 1) show("slow"); }, () => show("lost"));
    }, 5000);
  };
  const connect = () => {
    source?.close();
    const address = body.dataset.live;
    source = new EventSource(`${address}${address.includes("?") ? "&" : "?"}since=${seq}`);
    source.addEventListener("open", () => { failures = 0; clearInterval(polling); show("live"); flush(); });
    source.addEventListener("message", heard);
    source.addEventListener("refetch", () => { source.close(); fetchRegion({ force: true }).then(connect); });
    source.addEventListener("gone", () => { source.close(); location.reload(); });
    source.addEventListener("error", () => {
      failures += 1;
      show("lost");
      if (failures >= 3 || source.readyState === 2) {
        poll();
        if (source.readyState === 2) setTimeout(connect, 10000 + Math.random() * 10000);
      }
    });
  };

  // --- words that are not sent yet stay on this device, for a day at most
  const STORE = sessionStorage;
  const DAY = 24 * 60 * 60 * 1000;
  const typedIn = (form) => [...form.querySelectorAll("textarea, input[type=text]")];
  const draftKey = (field) => `draft ${region().dataset.activity} ${field.id}`;
  const drafts = () => [...document.querySelectorAll("[data-note-form]")].flatMap(typedIn);
  const keepDrafts = () => {
    for (const field of drafts()) {
      if (field.value) STORE.setItem(draftKey(field), JSON.stringify([Date.now(), field.value]));
      else STORE.removeItem(draftKey(field));
    }
  };
  const waiting = () => JSON.parse(STORE.getItem("outbox") || "[]").filter((one) => Date.now() - one.at < DAY);
  const keep = (notes) => {
    if (notes.length) STORE.setItem("outbox", JSON.stringify(notes)); else STORE.removeItem("outbox");
  };
  const start = () => {
    for (const form of document.querySelectorAll("[data-note-form]")) {
      const id = form.elements.id;
      if (!id.value) id.value = crypto.randomUUID();
      for (const field of typedIn(form)) {
        const [at, words] = JSON.parse(STORE.getItem(draftKey(field)) || "[0, \"\"]");
        if (words && !field.value && Date.now() - at < DAY) field.value = words;
      }
    }
    keepDrafts(); // words that came back with what is wrong with them are a draft again
  };
  document.addEventListener("htmx:load", () => { if (document.querySelector("[data-refused]")) keepDrafts(); });
  document.addEventListener("input", (event) => { if (event.target.closest("[data-note-form]")) keepDrafts(); });
  document.addEventListener("htmx:load", start);
  document.addEventListener("htmx:beforeRequest", (event) => {
    const form = event.target.closest?.("[data-note-form]");
    for (const field of form ? typedIn(form) : []) STORE.removeItem(draftKey(field));
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
  const say = (words) => {
    document.getElementById("status-line").textContent = words;
    saidAt = Date.now();
  };
  const tellWaiting = () => {
    const count = waiting().length;
    if (count) say(count === 1 ? "One note waits on this phone. We’ll send it when we’re back." : `${count} notes wait on this phone. We’ll send them when we’re back.`);
  };
  let flushing = false;
  const flush = async () => {
    if (flushing || !waiting().length) return;
    flushing = true;
    const token = JSON.parse(body.getAttribute("hx-headers"))["X-CSRFToken"];
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

  // --- dragging a note into a group: an extra beside ticking it and choosing one
  const lane = (event) => event.target.closest?.("[data-group]");
  document.addEventListener("dragstart", (event) => {
    const box = event.target.closest?.(".pick")?.querySelector("input[name=note]");
    if (!box) return;
    dragging = true;
    // Whoever picked several and drags one of them means all.
    const picked = [...document.querySelectorAll("input[name=note]:checked")].map((one) => one.value);
    event.dataTransfer.setData("text/plain", (box.checked ? picked : [box.value]).join(" "));
    event.dataTransfer.effectAllowed = "move";
  });
  document.addEventListener("dragover", (event) => {
    if (!lane(event)) return;
    event.preventDefault();
    for (const one of document.querySelectorAll("[data-group]")) {
      one.classList.toggle("is-over", one === lane(event));
    }
  });
  document.addEventListener("dragend", () => {
    dragging = false;
    document.querySelector("[data-group].is-over")?.classList.remove("is-over");
  });
  document.addEventListener("drop", (event) => {
    const to = lane(event);
    const form = document.getElementById("theme");
    if (!to || !form) return;
    event.preventDefault();
    const note = event.dataTransfer.getData("text/plain").split(" ");
    htmx.ajax("POST", form.action, {
      source: to, target: "#console", swap: "outerHTML", values: { note, to: to.dataset.group },
    });
  });

  // --- two quiet tones when the time is up, on the console and the big screen
  const chimes = () => localStorage.getItem("chime") !== "off";
  const tone = (audio, pitch, after) => {
    const sound = audio.createOscillator();
    const volume = audio.createGain();
    const start = audio.currentTime + after;
    sound.frequency.value = pitch;
    volume.gain.setValueAtTime(0.0001, start);
    volume.gain.exponentialRampToValueAtTime(0.12, start + 0.03);
    volume.gain.exponentialRampToValueAtTime(0.0001, start + 1.1);
    sound.connect(volume).connect(audio.destination);
    sound.start(start);
    sound.stop(start + 1.2);
  };
  // Browsers let no page make a sound that nobody has touched yet.
  let touched = false;
  for (const gesture of ["pointerdown", "keydown"]) {
    document.addEventListener(gesture, () => { touched = true; }, { capture: true });
  }
  let speaker;
  const chime = async (ends) => {
    if (role === "phone" || !touched || !chimes() || !("AudioContext" in window)) return;
    try {
      speaker ??= new AudioContext();
      await speaker.resume();
      // The console and the big screen of one computer: the first of them makes the sound.
      if (localStorage.getItem("chimed") === ends) return;
      localStorage.setItem("chimed", ends);
      tone(speaker, 659.3, 0);
      tone(speaker, 523.3, 0.35);
    } catch {
      // A computer without sound: the clock says it.
    }
  };
  const showSwitch = () => {
    const line = document.getElementById("chime");
    if (!line) return;
    line.setAttribute("aria-checked", String(chimes()));
  };
  document.addEventListener("click", (event) => {
    if (!event.target.closest?.("#chime")) return;
    localStorage.setItem("chime", chimes() ? "off" : "on");
    showSwitch();
  });
  window.addEventListener("storage", showSwitch);
  document.addEventListener("htmx:afterSwap", showSwitch);

  // --- what does not fit the big screen turns by itself, unless somebody wants no movement
  const STILL = window.matchMedia("(prefers-reduced-motion: reduce)");
  let turnedTo = 1;
  let stopped = false;
  const showPage = () => {
    const pages = [...document.querySelectorAll("[data-page-at]")];
    if (pages.length < 2) { turnedTo = 1; return; }
    if (turnedTo > pages.length) turnedTo = 1;
    for (const one of pages) one.hidden = Number(one.dataset.pageAt) !== turnedTo;
    document.querySelector("[data-turn-at]").textContent = `${turnedTo} of ${pages.length}`;
    const button = document.querySelector("[data-turn]");
    button.hidden = false;
    button.textContent = STILL.matches ? "Next" : stopped ? "Go on" : "Stop here";
  };
  const turn = () => { turnedTo += 1; showPage(); };
  document.addEventListener("click", (event) => {
    if (!event.target.closest?.("[data-turn]")) return;
    if (STILL.matches) { turn(); return; }
    stopped = !stopped;
    showPage();
  });
  if (role === "screen") {
    setInterval(() => { if (!STILL.matches && !stopped) turn(); }, 12000);
    document.addEventListener("htmx:afterSwap", showPage);
    showPage();
  }

  // --- the clock guides: it ends nothing
  let runs = "";
  const tick = () => {
    for (const clock of document.querySelectorAll("[data-ends]")) {
      const left = Math.round((new Date(clock.dataset.ends) - Date.now()) / 1000);
      // Only whoever saw it run hears its end, and only then.
      if (left > 0) runs = clock.dataset.ends;
      else if (runs === clock.dataset.ends) {
        runs = "";
        if (left > -5) chime(clock.dataset.ends);
      }
      const shown = clock.querySelector("[data-left]");
      const over = left < 0;
      const minutes = Math.floor(Math.abs(left) / 60);
      const words = `${minutes}:${String(Math.abs(left) % 60).padStart(2, "0")}`;
      shown.textContent = over ? `${words} over` : `${words}${role === "console" ? "" : " left"}`;
      clock.classList.toggle("is-over", over);
    }
  };
  setInterval(tick, 1000);
  document.addEventListener("htmx:afterSettle", tick);

  window.addEventListener("offline", () => show("lost"));
  window.addEventListener("online", () => { if (source) connect(); flush(); });

  start();
  tick();
  showSwitch();
  show("live");
  tellWaiting();
  flush();
  if ("EventSource" in window) connect(); else { show("slow"); poll(); }
})();
