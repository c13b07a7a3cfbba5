// Dragging a row of a plan, or of a list, to its place: an extra beside its up and down buttons.
(() => {
  "use strict";
  let held = null;

  const place = (slot) => [...slot.parentElement.children].indexOf(slot);
  const clear = () => {
    for (const slot of document.querySelectorAll("[data-drag].is-held, [data-drag].is-target")) {
      slot.classList.remove("is-held", "is-target");
    }
  };
  // Grips are there only where they can be used.
  const show = () => {
    for (const grip of document.querySelectorAll(".slot__grip[hidden]")) grip.hidden = false;
  };

  document.addEventListener("dragstart", (event) => {
    const grip = event.target instanceof Element && event.target.closest(".slot__grip");
    if (!grip) return;
    held = grip.closest("[data-drag]");
    event.dataTransfer.effectAllowed = "move";
    event.dataTransfer.setData("text/plain", "");
    event.dataTransfer.setDragImage(held, 10, 10);
    held.classList.add("is-held");
  });
  document.addEventListener("dragover", (event) => {
    const slot = held && event.target instanceof Element && event.target.closest("[data-drag]");
    if (!slot) return;
    event.preventDefault();
    for (const other of document.querySelectorAll("[data-drag].is-target")) {
      if (other !== slot) other.classList.remove("is-target");
    }
    slot.classList.toggle("is-target", slot !== held);
  });
  document.addEventListener("drop", (event) => {
    const slot = held && event.target instanceof Element && event.target.closest("[data-drag]");
    if (!slot) return;
    event.preventDefault();
    if (slot === held) return;
    const form = held.querySelector(".tools__order");
    window.htmx.ajax("POST", form.action, {
      source: form,
      target: form.getAttribute("hx-target"),
      swap: "outerHTML",
      values: { places: place(slot) - place(held) },
    });
  });
  document.addEventListener("dragend", () => {
    clear();
    held = null;
  });
  document.addEventListener("htmx:afterSwap", show);
  show();
})();
