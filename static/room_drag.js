// Dragging a note into a group on the console: an extra beside ticking it and choosing one.
(() => {
  "use strict";
  const lane = (event) => event.target.closest?.("[data-group]");
  document.addEventListener("dragstart", (event) => {
    const box = event.target.closest?.(".pick")?.querySelector("input[name=note]");
    if (!box) return;
    box.closest(".pick").classList.add("is-held"); // no new region comes while it is in the hand
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
    document.querySelector(".pick.is-held")?.classList.remove("is-held");
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
})();
