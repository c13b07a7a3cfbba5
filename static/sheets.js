// Typing in a sheet of paper: a digit chooses an answer, and the next question is there.
(() => {
  const sheet = document.querySelector("[data-sheet]");
  if (!sheet) return;
  const stops = () => [...sheet.querySelectorAll("[data-question], textarea, input[type=text], select, button")];
  const into = (stop) => (stop.matches("[data-question]") ? stop.querySelector("input:checked, input") : stop);
  const next = (stop) => {
    const all = stops();
    const after = all[all.indexOf(stop) + 1];
    if (after) into(after).focus();
  };

  sheet.addEventListener("keydown", (event) => {
    const question = event.target.closest("[data-question]");
    if (!question || event.ctrlKey || event.metaKey || event.altKey || !/^[1-9]$/.test(event.key)) return;
    const chosen = question.querySelectorAll("input")[Number(event.key) - 1];
    if (!chosen) return;
    event.preventDefault();
    if (chosen.type === "checkbox") {
      chosen.checked = !chosen.checked;
      return;
    }
    chosen.checked = true;
    next(question);
  });

  if (!document.querySelector(".govuk-error-summary")) {
    const first = stops()[0];
    if (first) into(first).focus();
  }
})();
