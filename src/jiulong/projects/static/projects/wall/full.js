// The screen of a meeting room: the page came with all its views; this draws the map and the curve
// and turns from view to view. It reads the year anew once in a while, so that it may stand for days.
import { curve } from "./curve.js";
import { FILTERS, rowsAt } from "./data.js";
import { projectMap } from "./map.js";
import { zones } from "./zones.js";

const VIEWS = ["map", "board", "curve", "lagging"];
const RELOAD_MS = 15 * 60_000;
const CLOCK_MS = 10_000;
const root = document.getElementById("pw");
const asked = new URLSearchParams(location.search);
const state = {
  month: Number(root.dataset.month),
  q: asked.get("q") || "",
  filters: Object.fromEntries(FILTERS.map((name) => [name, asked.get(name) || ""])),
};
const rows = rowsAt(state);
// The page's own unit: a hundredth of the width, or what fits the height.
const unit = () => Math.min(window.innerWidth / 100, (window.innerHeight * 1.7778) / 100);
let map = null;

const address = (view) => {
  const query = new URLSearchParams(location.search);
  query.set("view", view);
  return `?${query}`;
};

async function show(view) {
  root.dataset.view = view;
  history.replaceState(null, "", address(view));
  for (const one of document.querySelectorAll(".wall-views a")) {
    if (one.dataset.view === view) one.setAttribute("aria-current", "true");
    else one.removeAttribute("aria-current");
  }
  if (view === "map" && !map) {
    map = await projectMap(document.getElementById("pw-map"), { scale: unit() / 12, quiet: true });
    map.show(rows, null);
    zones(document.getElementById("pw-zones"), rows, { quiet: true });
  }
  if (view === "curve") await curve(document.getElementById("pw-curve"), rows, state.month, root.dataset.echarts, unit() * 1.3);
}

document.querySelector(".wall-views").addEventListener("click", (event) => {
  const to = event.target.closest("[data-view]");
  if (!to || event.ctrlKey || event.metaKey) return;
  event.preventDefault();
  show(to.dataset.view);
});
document.addEventListener("keydown", (event) => {
  const way = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
  if (way) show(VIEWS[(VIEWS.indexOf(root.dataset.view) + way + VIEWS.length) % VIEWS.length]);
});

const clock = document.getElementById("pw-clock");
setInterval(() => {
  clock.textContent = new Date().toLocaleTimeString("en-GB", { timeZone: "Asia/Shanghai", hour: "2-digit", minute: "2-digit" });
}, CLOCK_MS);

const seconds = Number(root.dataset.rotate);
const since = Date.now();
setInterval(() => {
  if (Date.now() - since > RELOAD_MS) location.reload();
}, RELOAD_MS / 3);
if (seconds) {
  setInterval(() => show(VIEWS[(VIEWS.indexOf(root.dataset.view) + 1) % VIEWS.length]), seconds * 1000);
}
show(root.dataset.view);
