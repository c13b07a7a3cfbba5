// What does not fit the big screen turns by itself, unless somebody wants no movement.
(() => {
  "use strict";
  if (window.room?.role !== "screen") return;

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
  setInterval(() => { if (!STILL.matches && !stopped) turn(); }, 12000);
  document.addEventListener("htmx:afterSwap", showPage);
  showPage();
})();
