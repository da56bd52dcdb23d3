// The wall: one state (month, view, filters, chosen project), which the address says; every view
// draws it from the year that came with the page. Without this script the page has tables.
import { board } from "./board.js";
import { curve, curveTable } from "./curve.js";
import { FILTERS, fill, rowsAt, words, year } from "./data.js";
import { gantt, ganttTable } from "./gantt.js";
import { list, point } from "./list.js";
import { projectMap } from "./map.js";
import { strip } from "./strip.js";
import { time } from "./time.js";
import { zones } from "./zones.js";

const VIEWS = ["map", "board", "gantt", "curve"];
const PHONE = window.matchMedia("(max-width: 767.98px)");
const $ = (id) => document.getElementById(id);
const root = $("pw");
const form = $("pw-filters");
const asked = new URLSearchParams(location.search);
const state = {
  view: root.dataset.view,
  by: form.elements.by.value,
  month: Number($("pw-month").value),
  q: form.elements.q.value.trim(),
  filters: Object.fromEntries(FILTERS.map((name) => [name, form.elements[name].value])),
  chosen: Number(asked.get("project")) || null,
};
let map = null;
let rows = [];

// The address follows at leisure: browsers allow so many changes of it in so much time.
const ADDRESS_MS = 200;
let remembering = null;
const remember = () => {
  clearTimeout(remembering);
  remembering = setTimeout(writeAddress, ADDRESS_MS);
};
const writeAddress = () => {
  const query = new URLSearchParams();
  if (asked.get("year")) query.set("year", asked.get("year"));
  if (state.view !== "map") query.set("view", state.view);
  if (state.by !== "stage") query.set("by", state.by);
  if (state.month !== year.through) query.set("month", state.month);
  if (state.q) query.set("q", state.q);
  for (const name of FILTERS) if (state.filters[name]) query.set(name, state.filters[name]);
  if (state.chosen) query.set("project", state.chosen);
  const text = query.toString();
  history.replaceState(null, "", text ? `?${text}` : location.pathname);
  query.delete("view");
  query.delete("by");
  query.delete("project");
  query.set("full", "1");
  $("pw-full").href = `?${query}`;
  const list = new URLSearchParams([...query].filter(([name]) => name === "q" || FILTERS.includes(name)));
  $("pw-as-list").search = list.toString();
};

const mapWanted = () => state.view === "map" && (!PHONE.matches || root.classList.contains("has-map"));
const hover = (id) => point($("pw-list"), id, true);

async function drawMap() {
  if (!mapWanted()) return;
  const everywhere = rowsAt({ ...state, filters: { ...state.filters, zone: "" } });
  zones($("pw-zones"), everywhere, { chosen: state.filters.zone });
  try {
    map ??= projectMap($("pw-map"), { open, point: hover });
    const unplaced = (await map).show(rows, state.chosen);
    $("pw-unplaced").textContent = unplaced ? fill(words.unplaced, unplaced) : "";
  } catch {
    $("pw-map").textContent = words.failed;
  }
}

function drawView() {
  if (state.view === "map") drawMap();
  if (state.view === "board") board($("pw-board"), rows, state.by);
  if (state.view === "gantt") {
    gantt($("pw-gantt"), rows, state.by, state.month);
    if ($("pw-gantt-table").parentElement.open) ganttTable($("pw-gantt-table"), rows, state.by, state.month);
  }
  if (state.view === "curve") {
    curve($("pw-curve"), rows, state.month, root.dataset.echarts).catch(() => { $("pw-curve").hidden = true; });
    curveTable($("pw-curve-table"), rows, state.month);
  }
}

function chips() {
  const made = FILTERS.filter((name) => state.filters[name]).map((name) => {
    const chip = $("pw-chip").content.firstElementChild.cloneNode(true);
    const select = form.elements[name];
    chip.dataset.filter = name;
    chip.querySelector("small").textContent = select.getAttribute("aria-label");
    chip.querySelector("span").textContent = select.selectedOptions[0].textContent;
    return chip;
  });
  $("pw-chips").replaceChildren(...made);
  for (const name of FILTERS) form.elements[name].classList.toggle("is-set", Boolean(state.filters[name]));
  for (const one of document.querySelectorAll("#pw-counts [data-light]")) {
    if (one.dataset.light === state.filters.light) one.setAttribute("aria-current", "true");
    else one.removeAttribute("aria-current");
  }
}

function draw({ year: whole = true } = {}) {
  rows = rowsAt(state);
  root.dataset.view = state.view;
  for (const one of document.querySelectorAll(".pw-tools .switch a")) {
    if (one.dataset.view === state.view) one.setAttribute("aria-current", "true");
    else one.removeAttribute("aria-current");
  }
  form.classList.toggle("has-by", state.view === "board" || state.view === "gantt");
  const told = strip($("pw-counts"), rows);
  list($("pw-list"), $("pw-count"), rows, state.chosen);
  if (whole) {
    slider.redraw(state);
    chips();
  }
  slider.show(state);
  drawView();
  remember();
  return told;
}

const say = (told) => {
  const lights = Object.entries(told.lights).filter(([, n]) => n).map(([light, n]) => `${words.lights[light][1]} ${n}`);
  $("pw-status").textContent = `${year.year} ${words.months[state.month - 1]}${words.colon}${fill(words.projects, told.n)}, ${lights.join(" · ")}`;
};

// A project's brief beside the map; the list waits behind it.
async function open(id) {
  state.chosen = id;
  remember();
  const brief = $("pw-brief");
  const address = root.dataset.brief.replace("/0/", `/${id}/`);
  if (map) (await map).ring(id);
  await htmx.ajax("GET", `${address}?year=${year.year}&month=${state.month}`, { target: brief, swap: "innerHTML" });
  brief.hidden = false;
  brief.scrollTop = 0;
  brief.querySelector("h3")?.focus({ preventScroll: true });
  if (PHONE.matches || state.view !== "map") brief.scrollIntoView({ block: "nearest" });
}

async function close() {
  const id = state.chosen;
  state.chosen = null;
  $("pw-brief").hidden = true;
  remember();
  list($("pw-list"), $("pw-count"), rows, null);
  ($("pw-list").querySelector(`[data-id="${id}"]`) || $("pw-count")).focus();
  if (map) (await map).ring(null);
}

const slider = time({
  range: $("pw-month"), months: $("pw-months"), now: $("pw-now"), button: $("pw-play"),
  change: (month) => {
    state.month = month;
    say(draw({ year: false }));
  },
});

document.querySelector(".pw-tools .switch").addEventListener("click", (event) => {
  const to = event.target.closest("[data-view]");
  if (!to || !VIEWS.includes(to.dataset.view) || event.ctrlKey || event.metaKey) return;
  event.preventDefault();
  state.view = to.dataset.view;
  draw({ year: false });
});
const filtered = () => {
  state.by = form.elements.by.value;
  state.q = form.elements.q.value.trim();
  for (const name of FILTERS) state.filters[name] = form.elements[name].value;
  say(draw());
};
form.addEventListener("submit", (event) => { event.preventDefault(); filtered(); });
form.addEventListener("change", filtered);
form.elements.q.addEventListener("input", filtered);
$("pw-chips").addEventListener("click", (event) => {
  const chip = event.target.closest("[data-filter]");
  if (!chip) return;
  event.preventDefault();
  form.elements[chip.dataset.filter].value = "";
  filtered();
  form.elements[chip.dataset.filter].focus();
});
$("pw-counts").addEventListener("click", (event) => {
  const to = event.target.closest("[data-light]");
  if (!to || event.ctrlKey || event.metaKey) return;
  event.preventDefault();
  form.elements.light.value = form.elements.light.value === to.dataset.light ? "" : to.dataset.light;
  filtered();
});
const choose = (name, value) => {
  form.elements[name].value = form.elements[name].value === value ? "" : value;
  filtered();
};
root.addEventListener("click", (event) => {
  const zone = event.target.closest("[data-zone]");
  if (zone) choose("zone", zone.dataset.zone);
  const to = event.target.closest("[data-id]");
  if (to) open(Number(to.dataset.id));
  if (event.target.closest("[data-close]")) close();
});
root.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && !$("pw-brief").hidden) close();
  const row = event.target.closest("#pw-list button");
  const way = { ArrowDown: "nextElementSibling", ArrowUp: "previousElementSibling" }[event.key];
  if (!row || !way) return;
  event.preventDefault();
  row.parentElement[way]?.querySelector("button")?.focus();
});
for (const kind of ["pointerover", "focusin"]) {
  $("pw-list").addEventListener(kind, async (event) => {
    const id = Number(event.target.closest("[data-id]")?.dataset.id);
    if (!id || !map || PHONE.matches) return;
    const drawn = await map;
    drawn.ring(id);
    if (kind === "focusin") drawn.bring(id);
  });
}
$("pw-list").addEventListener("pointerleave", async () => { if (map) (await map).ring(state.chosen); });
$("pw-map-toggle").addEventListener("click", () => {
  const shown = root.classList.toggle("has-map");
  $("pw-map-toggle").setAttribute("aria-expanded", String(shown));
  drawMap();
});
$("pw-gantt-table").parentElement.addEventListener("toggle", drawView);
PHONE.addEventListener("change", drawView);
let width = 0;
new ResizeObserver(() => {
  if (state.view === "gantt" && root.clientWidth !== width) drawView();
  width = root.clientWidth;
}).observe(root);

root.hidden = false;
draw();
if (state.chosen) open(state.chosen);
