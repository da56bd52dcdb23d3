// Turns the slides one at a time: arrows, Page keys, Home, End, space; F for the full screen.
const deck = document.querySelector(".deck");
const slides = [...deck.querySelectorAll(".slide")];
const tools = deck.querySelector(".deck-tools");
const place = tools.querySelector("output");
const words = deck.dataset.of;
let now = Math.min(Math.max(Number(location.hash.slice(1)) - 1 || 0, 0), slides.length - 1);

function show(next) {
  now = Math.min(Math.max(next, 0), slides.length - 1);
  slides.forEach((slide, n) => slide.classList.toggle("now", n === now));
  place.textContent = words.replace("%(n)s", now + 1).replace("%(all)s", slides.length);
  if (now || location.hash) history.replaceState(null, "", `#${now + 1}`);
}

function fill() {
  if (document.fullscreenElement) document.exitFullscreen();
  else document.documentElement.requestFullscreen();
}

const keys = {
  ArrowRight: () => show(now + 1), ArrowDown: () => show(now + 1), PageDown: () => show(now + 1), " ": () => show(now + 1),
  ArrowLeft: () => show(now - 1), ArrowUp: () => show(now - 1), PageUp: () => show(now - 1),
  Home: () => show(0), End: () => show(slides.length - 1), f: fill, F: fill,
};

// On a phone the long page reads better than a slide that does not fit.
if (matchMedia("(min-width: 701px)").matches) {
  deck.classList.add("turning");
  tools.hidden = false;
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    if (event.key === " " && event.target.closest("button, a")) return;
    const act = keys[event.key];
    if (!act) return;
    event.preventDefault();
    act();
  });
  tools.addEventListener("click", (event) => {
    const button = event.target.closest("button");
    if (!button) return;
    if (button.dataset.turn) show(now + Number(button.dataset.turn));
    else fill();
  });
  show(now);
}
