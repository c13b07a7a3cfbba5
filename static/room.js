// The live room: tells what happens as it happens. Every page works without it, by a refresh.
// A phone gets what changed with the stream; the console and the big screen fetch their region.
// What lies on a device (room_own.js), the clock (room_clock.js), dragging (room_drag.js) and the
// big screen's pages (room_turn.js) are beside it, and lean on `window.room`.
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
    // Where people answer over days, the console says until when instead of "Live".
    line.textContent = (to === "live" && line.dataset.says) || WORDS[to];
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
  // A list that is open would be shut by a new region.
  const isOpen = CSS.supports("selector(select:open)") ? "select:open" : "select:not(*)";
  const typed = () => [...document.querySelectorAll("[data-note-form] :is(textarea, input[type=text])")];
  const busy = () => {
    // What came too late stays on the page until its writer leaves it.
    if (document.querySelector("[data-refused], .is-held")) return true;
    // Whoever goes on to the button with Tab, or puts the phone down, still has words to send.
    if (role === "phone" && typed().some((field) => field.value.trim())) return true;
    const field = document.activeElement;
    if (field?.matches(isOpen)) return true;
    const typing = "textarea, input[type=text], input[type=search]";
    return Boolean(field?.matches(typing) && field.value.trim());
  };
  // Nothing goes from under a finger, or a mouse, that is down: neither a press nor the beginning of
  // a drag would reach what comes in its place.
  let isDown = false;
  document.addEventListener("pointerdown", () => { isDown = true; }, { capture: true });
  for (const up of ["pointerup", "pointercancel", "dragend"]) {
    document.addEventListener(up, () => { isDown = false; }, { capture: true });
  }
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
      setTimeout(putAll);
    });
  });

  // What somebody ticked, chose or typed on the console, as it is when the new region comes.
  let kept = {};
  document.addEventListener("htmx:beforeSwap", (event) => {
    if (event.detail.requestConfig.elt !== body || event.detail.target !== region()) return;
    if (pressed || isDown || (role === "console" && busy())) {
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
  // What somebody looks at, or has in hand, stays where it is on their screen: what has the focus,
  // else the first that is in sight. Another part of the plan is seen from its beginning.
  let at = null;
  document.addEventListener("htmx:beforeSwap", (event) => {
    at = null;
    if (event.detail.target !== region()) return;
    at = { activity: region().dataset.activity };
    const inSight = (one) => { const box = one.getBoundingClientRect(); return box.height && box.bottom > 0 && box.top < innerHeight; };
    const here = region();
    const has = document.activeElement;
    const marks = has?.id && here.contains(has) && has !== here ? [has] : here.querySelectorAll("[id]");
    const mark = [...marks].find((one) => inSight(one) && getComputedStyle(one).position !== "sticky");
    if (mark) at = { ...at, id: mark.id, top: mark.getBoundingClientRect().top };
  });
  document.addEventListener("htmx:afterSwap", () => {
    const mark = at?.id && document.getElementById(at.id);
    if (at && region().dataset.activity !== at.activity) scrollTo({ top: 0, behavior: "instant" });
    else if (mark) scrollBy({ top: mark.getBoundingClientRect().top - at.top, behavior: "instant" });
    at = null;
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
    if (fetching || pressed || isDown || (role === "console" && busy())) { again = true; soon(500); return; }
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
  const say = (words) => {
    document.getElementById("status-line").textContent = words;
    saidAt = Date.now();
  };
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
    button.addEventListener("click", () => fetchRegion({ force: true }));
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
    // Its words may stand elsewhere on the page too: among one's own, or in a group.
    if ("gone" in element.dataset) later();
    if (element.id === "stage") {
      const old = document.getElementById("stage");
      const same = old.dataset.activity === element.dataset.activity;
      if (busy()) { if (same) later(); else offer(); return; }
      if (same || pressed || isDown || "own" in element.dataset) { later(); return; }
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
  // What was pressed stays on the page until its answer is there: what the stream brings could take
  // it off (such as a note that was just reported), and the answer's words with it.
  const brought = [];
  const putAll = () => {
    while (brought.length && !pressed) put(brought.shift());
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
    brought.push(...held.content.children);
    putAll();
  };

  const tellBack = () => document.dispatchEvent(new CustomEvent("room:back"));

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
    source.addEventListener("open", () => { failures = 0; clearInterval(polling); show("live"); tellBack(); });
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

  // Of a long plan the console shows the line where the room is, or what somebody scrolled to.
  const planBoxes = () => [...document.querySelectorAll(".console__plan, .console__plan .plan")];
  let planAt = null;
  const keepPlan = () => {
    planAt = { activity: region().dataset.activity, boxes: planBoxes().map((box) => [box.scrollTop, box.scrollLeft]) };
  };
  const showPlan = () => {
    const now = document.querySelector(".plan .is-now");
    for (const [number, box] of planBoxes().entries()) {
      if (planAt?.activity === region().dataset.activity) [box.scrollTop, box.scrollLeft] = planAt.boxes[number];
      else if (now) {
        const [line, around] = [now, box].map((one) => one.getBoundingClientRect());
        box.scrollTop += line.top - around.top - box.clientHeight / 3;
        box.scrollLeft += line.left - around.left - box.clientWidth / 3;
      }
    }
  };
  document.addEventListener("scroll", (event) => { if (planBoxes().includes(event.target)) keepPlan(); }, { capture: true });
  document.addEventListener("htmx:afterSwap", showPlan);
  window.addEventListener("resize", () => { planAt = null; showPlan(); });
  showPlan();

  window.addEventListener("offline", () => show("lost"));
  window.addEventListener("online", () => { if (source) connect(); tellBack(); });

  window.room = { role, region, typed, show, say, fetchRegion };
  show("live");
  if ("EventSource" in window) connect(); else { show("slow"); poll(); }
})();
