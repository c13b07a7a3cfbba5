// The clock of a part, and what is heard when its time is up.
(() => {
  "use strict";
  const role = window.room?.role;
  if (!role) return;

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

  tick();
  showSwitch();
})();
