// The desk by keyboard, and its forms without leaving the page. Everything works without it.
const context = document.getElementById("context");
const act = document.getElementById("act");
const rows = () => [...document.querySelectorAll(".queue-row")];
const chosen = () => new URLSearchParams(location.search).get("alarm");

// The list is fetched anew while somebody reads: what is chosen stays chosen.
function mark() {
  const wanted = chosen();
  if (!wanted) return;
  rows().forEach((row) => {
    if (row.dataset.alarm === wanted) row.setAttribute("aria-current", "true");
    else row.removeAttribute("aria-current");
  });
}

function move(step) {
  const all = rows();
  if (!all.length) return;
  const here = all.findIndex((row) => row.getAttribute("aria-current"));
  const next = all[Math.min(Math.max(here + step, 0), all.length - 1)];
  if (next && all.indexOf(next) !== here) next.click();
  next?.scrollIntoView({ block: "nearest" });
}

const busy = () => act.querySelector("form") || [...context.querySelectorAll("input[type=text], input:not([type]), textarea")].some((one) => one.value) || context.contains(document.activeElement);

function refresh() {
  const row = rows().find((one) => one.getAttribute("aria-current"));
  const pk = chosen() || row?.dataset.alarm;
  if (pk && row) htmx.ajax("GET", row.getAttribute("hx-get").replace(/\d+(?=\/$)/, pk), { target: "#context", swap: "innerHTML" });
}

// Sends a form of the context or of an action, and shows what came of it where it stands.
async function send(form) {
  const answer = await fetch(form.action, { method: "POST", body: new FormData(form), headers: { "HX-Target": "act", "HX-Request": "true" }, redirect: "manual" });
  if (answer.type === "opaqueredirect" || answer.status === 303) {
    act.textContent = "";
    refresh();
    htmx.trigger(document.body, "live:cases", { points: null });
    return;
  }
  const text = await answer.text();
  if (form.closest("#act") && answer.headers.get("Content-Type")?.startsWith("text/html")) {
    act.innerHTML = text;
    htmx.process(act);
    act.querySelector("[role=alert]")?.scrollIntoView({ block: "center" });
  } else form.submit();
}

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!(form.closest("#act") || form.matches("[data-stay]"))) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  const button = event.submitter;
  if (button) button.disabled = true;
  send(form).finally(() => { if (button) button.disabled = false; });
}, true);

const KEYS = {
  j: () => move(1),
  k: () => move(-1),
  e: () => context.querySelector(".moves .btn-primary, .task-do, td .btn-sm")?.click(),
  a: () => context.querySelector("#acknowledge-note")?.focus(),
  l: () => context.querySelector("#log-text")?.focus(),
  o: () => context.querySelector("#open-outfall")?.click(),
};
document.addEventListener("keydown", (event) => {
  if (event.target.closest("input, textarea, select, [contenteditable]")) {
    if (event.key === "Escape") event.target.blur();
    return;
  }
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const found = KEYS[event.key.toLowerCase()];
  if (!found) return;
  event.preventDefault();
  found();
});
document.body.addEventListener("htmx:afterSettle", (event) => {
  if (event.detail.target === context) act.textContent = "";
  mark();
});
["live:cases", "live:findings"].forEach((name) => document.body.addEventListener(name, () => { if (!busy()) refresh(); }));
mark();
