// A form with data-draft keeps what is typed on this device until it has been sent: for a day, in
// this tab alone. On a lost network it waits, and is sent once the network is back. Its hidden id
// makes sure that what is sent twice is kept once.
(() => {
  "use strict";

  const DAY = 24 * 60 * 60 * 1000; // milliseconds
  const AGAIN = 5000; // milliseconds

  const setUp = (form) => {
    const key = `draft:${new URL(form.action).pathname}`;
    const line = document.createElement("p");
    line.className = "muted above-s";
    line.setAttribute("role", "status");
    form.append(line);
    const fields = () => [...form.elements].filter((one) => one.matches("textarea, input[type=text]"));

    const keep = () => {
      const words = Object.fromEntries(fields().map((one) => [one.name, one.value]));
      const isEmpty = Object.values(words).every((one) => !one);
      if (isEmpty) sessionStorage.removeItem(key);
      else sessionStorage.setItem(key, JSON.stringify({ at: Date.now(), words }));
    };
    const bringBack = () => {
      const kept = JSON.parse(sessionStorage.getItem(key) || "null");
      if (!kept || Date.now() - kept.at > DAY) return sessionStorage.removeItem(key);
      const empty = fields().filter((one) => !one.value && kept.words[one.name]);
      for (const one of empty) one.value = kept.words[one.name];
      if (empty.length) line.textContent = "We kept what you were writing.";
    };

    let sending = false;
    let wait = 0;
    const send = async () => {
      clearTimeout(wait);
      if (sending) return;
      sending = true;
      try {
        const answer = await fetch(form.action, {
          method: "POST",
          body: new FormData(form),
          headers: { "HX-Request": "true" }, // so that a redirect comes as a header
        });
        const next = answer.headers.get("HX-Redirect");
        if (answer.ok && next) {
          sessionStorage.removeItem(key);
          history.replaceState(null, "", next);
          location.reload();
        } else {
          // Something to put right, or to be told: let the browser show the page.
          form.submit();
        }
      } catch {
        line.textContent =
          "We’ve lost touch. Your words are safe on this device, and we’ll send them when we’re back.";
        wait = setTimeout(send, AGAIN);
      } finally {
        sending = false;
      }
    };

    form.addEventListener("input", keep);
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      send();
    });
    window.addEventListener("online", () => { if (wait) send(); });
    bringBack();
  };

  for (const form of document.querySelectorAll("form[data-draft]")) setUp(form);
})();
