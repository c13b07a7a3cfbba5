// Small helps on top of pages that work without them. Nothing here holds state or makes a page.
(() => {
  "use strict";

  // Runs `help` once on each matching element, in the page and in what htmx brings later.
  const helps = [];
  const help = (selector, act) => helps.push([selector, act]);
  const start = (root) => {
    for (const [selector, act] of helps) {
      const found = [...root.querySelectorAll(selector)];
      if (root instanceof Element && root.matches(selector)) found.unshift(root);
      for (const element of found) {
        const mark = `help${selector}`;
        if (element[mark]) continue;
        element[mark] = true;
        act(element);
      }
    }
  };

  // An error summary takes the focus, and its links go to the field and not only near it.
  help(".govuk-error-summary", (summary) => {
    summary.focus();
    summary.addEventListener("click", (event) => {
      const link = event.target.closest("a[href^='#']");
      const field = link && document.getElementById(link.hash.slice(1));
      if (!field) return;
      event.preventDefault();
      (field.closest(".govuk-form-group") || field).scrollIntoView();
      field.focus({ preventScroll: true });
    });
  });

  // "You have 20 characters left", once most of the room is used. A line break is sent as two.
  help("[data-count]", (group) => {
    const field = group.querySelector("textarea");
    const shown = group.querySelector("[data-count-shown]");
    const spoken = group.querySelector("[data-count-spoken]");
    const most = Number(group.dataset.count);
    let wait;
    const words = (left) => {
      const letters = Math.abs(left) === 1 ? "character" : "characters";
      return left < 0
        ? `That’s ${-left} ${letters} too long`
        : `You have ${left} ${letters} left`;
    };
    const update = () => {
      const left = most - field.value.replace(/\n/g, "\r\n").length;
      shown.hidden = left > most / 4;
      shown.textContent = words(left);
      shown.classList.toggle("govuk-error-message", left < 0);
      shown.classList.toggle("govuk-hint", left >= 0);
      clearTimeout(wait);
      wait = setTimeout(() => { spoken.textContent = shown.hidden ? "" : words(left); }, 1000);
    };
    field.addEventListener("input", update);
    update();
  });

  help("[data-secret]", (box) => {
    const field = box.querySelector("input");
    const button = box.querySelector("button");
    const set = (open) => {
      field.type = open ? "text" : "password";
      button.textContent = open ? "Hide" : "Show";
      button.setAttribute("aria-label", open ? "Hide password" : "Show password");
    };
    button.hidden = false;
    button.addEventListener("click", () => set(field.type === "password"));
    field.form?.addEventListener("submit", () => set(false)); // so that no browser keeps it as text
  });

  // What only works with a script is hidden until there is one.
  help("[data-with-script]", (element) => { element.hidden = false; });
  help("[data-print]", (button) => {
    button.hidden = false;
    button.addEventListener("click", () => window.print());
  });
  // Copies the text of the element that it names, and says so in the line after it.
  help("[data-copy]", (button) => {
    button.hidden = !navigator.clipboard;
    button.addEventListener("click", async () => {
      const from = document.getElementById(button.dataset.copy);
      await navigator.clipboard.writeText(from.value || from.textContent);
      button.nextElementSibling.textContent = "Copied.";
    });
  });

  // The place switcher folds away like a menu.
  help("details.placemenu", (menu) => {
    document.addEventListener("click", (event) => {
      if (!menu.contains(event.target)) menu.open = false;
    });
    menu.addEventListener("keydown", (event) => {
      if (event.key !== "Escape" || !menu.open) return;
      menu.open = false;
      menu.querySelector("summary").focus();
    });
  });

  // A status line that was there when the page loaded is read out only if it changes: put its words
  // again. Its button stays where it is: one that is moved while it is pressed is not clicked.
  help("#status-line", (line) => {
    setTimeout(() => {
      for (const words of line.querySelectorAll("p")) words.replaceChildren(...words.childNodes);
    }, 200);
  });

  start(document);
  document.addEventListener("htmx:load", (event) => start(event.detail.elt));

  // What asked for the focus had it: a part that a swap leaves alone does not ask again.
  document.addEventListener("htmx:beforeSwap", () => {
    for (const element of document.querySelectorAll("[autofocus]")) {
      element.removeAttribute("autofocus");
    }
  });

  // What had the focus has it after a swap too. htmx sees to controls with an id; others are known
  // by what they are for. Where it is gone, the new part's heading gets the focus.
  const purpose = (one) => JSON.stringify([
    one.localName, one.name, one.matches("input, button") && one.type,
    one.matches("[type=checkbox], [type=radio], button") && one.value,
    one.getAttribute("href"), one.closest("form")?.getAttribute("action"), one.textContent.trim(),
  ]);
  let had = null;
  const isLost = () => had && document.activeElement === document.body;
  const leave = (part) => {
    const one = document.activeElement;
    had = one !== document.body && part.contains(one) ? { id: one.id, purpose: purpose(one) } : null;
  };
  const comeBack = () => {
    if (!isLost()) return;
    const same = had.id
      ? document.getElementById(had.id)
      : [...document.querySelectorAll("a, button, input, select, textarea, summary")].find(
        (one) => purpose(one) === had.purpose,
      );
    same?.focus({ preventScroll: true });
  };
  const goToHeading = (part) => {
    // The server says what was acted on; in some regions it is what stands there in place of it.
    const at = part.dataset?.at && document.getElementById(part.dataset.at);
    if (isLost()) (at || part.querySelector?.(".govuk-error-summary, [tabindex='-1']"))?.focus();
    if (!isLost()) had = null; // whoever leaves it later, by a click beside everything, meant to
  };
  document.addEventListener("htmx:beforeSwap", (event) => leave(event.detail.target));
  document.addEventListener("htmx:afterSwap", comeBack);
  document.addEventListener("htmx:afterSettle", (event) => goToHeading(event.detail.elt));
  // The live room puts parts into the page without htmx.
  document.addEventListener("part:leaves", (event) => leave(event.detail));
  document.addEventListener("part:came", (event) => { comeBack(); goToHeading(event.detail); });

  const say = (words) => {
    const panel = document.createElement("div");
    panel.className = "notice notice--ember";
    panel.textContent = words;
    document.getElementById("status-line").replaceChildren(panel);
    panel.scrollIntoView({ block: "nearest" });
  };
  document.addEventListener("htmx:sendError", () => say(
    "We’ve lost touch with Crescendo. What you wrote is still here: please try again in a moment.",
  ));
  // Said by allauth's script, most often because somebody closed the browser's own question.
  document.addEventListener("allauth.error", (event) => {
    event.preventDefault();
    say("That didn’t work with the passkey. Try again, or use another way.");
  });
})();
