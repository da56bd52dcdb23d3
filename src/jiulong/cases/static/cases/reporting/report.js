// The quick report: keeps what is written on the phone first, then sends it.
import * as queue from "./queue.js";
import { MOST, small, take } from "./photos.js";
import { locate, picker } from "./place.js";
import { flush } from "./sending.js";

const form = document.getElementById("report");
const words = document.getElementById("report-words").dataset;
const find = (id) => document.getElementById(id);
const field = (name) => form.elements.namedItem(name);
const AGAIN_MS = 20000;
let photos = [];
let joins = null;
let mark = null;

const uuid = () =>
  crypto.randomUUID?.() ??
  "10000000-1000-4000-8000-100000000000".replace(/[018]/g, (c) =>
    (+c ^ (crypto.getRandomValues(new Uint8Array(1))[0] & (15 >> (+c / 4)))).toString(16),
  );
const make = (name, attributes, ...inside) => {
  const node = Object.assign(document.createElement(name), attributes);
  node.append(...inside);
  return node;
};

// -- place ---------------------------------------------------------------------------------

function setPlace(longitude, latitude, accuracy, text) {
  field("longitude").value = longitude.toFixed(6);
  field("latitude").value = latitude.toFixed(6);
  field("accuracy").value = accuracy ? Math.round(accuracy) : "";
  find("place").textContent = text;
  if (mark) mark(longitude, latitude);
  askNear();
}

function findMe() {
  find("place").textContent = words.locating;
  locate(
    (x, y, accuracy) => setPlace(x, y, accuracy, words.located.replace("{n}", Math.max(1, Math.round(accuracy)))),
    () => {
      find("place").textContent = words.unlocated;
      showPicker();
    },
  );
}

async function showPicker() {
  const box = find("picker");
  box.hidden = false;
  find("pick").setAttribute("aria-expanded", "true");
  if (box.firstChild) return;
  const chinese = document.documentElement.lang.startsWith("zh");
  const chosen = (x, y) => setPlace(x, y, 0, words.picked);
  mark = await picker(box, form.dataset.map, words.mapLabel, chinese, chosen).catch(() => null);
  if (mark && field("longitude").value) mark(+field("longitude").value, +field("latitude").value);
}

function hidePicker() {
  find("picker").hidden = true;
  find("pick").setAttribute("aria-expanded", "false");
}

// -- what is near --------------------------------------------------------------------------

async function askNear() {
  const matter = field("matter").value;
  if (!matter || !field("longitude").value || joins) return;
  const query = new URLSearchParams({
    matter, longitude: field("longitude").value, latitude: field("latitude").value,
  });
  try {
    const answer = await fetch(`${form.dataset.near}?${query}`);
    if (answer.ok) showNear((await answer.json()).near);
  } catch {
    showNear([]); // no network: the report goes without the hint
  }
}

function showNear(found) {
  const box = find("near");
  box.hidden = !found.length;
  box.replaceChildren();
  if (!found.length) return;
  const list = found.map((each) => {
    const button = make("button", { type: "button", className: "btn", textContent: words.join });
    button.addEventListener("click", () => join(each));
    const title = make("strong", { textContent: each.title });
    return make("li", {}, button, make("span", {}, title, ` ${each.number} · ${each.stage} · ${each.told}`));
  });
  const other = make("button", { type: "button", className: "btn", textContent: words.another });
  other.addEventListener("click", () => showNear([]));
  box.append(make("h2", { textContent: words.near }), make("p", { textContent: words.nearWhy }), make("ul", {}, ...list), other);
}

function join(each) {
  joins = each;
  const box = find("near");
  const undo = make("button", { type: "button", className: "btn btn-sm", textContent: words.undo });
  undo.addEventListener("click", () => {
    joins = null;
    showNear([]);
    askNear();
  });
  box.replaceChildren(make("p", {}, words.willJoin.replace("{n}", `${each.number} ${each.title}`), " ", undo));
}

// -- photos --------------------------------------------------------------------------------

async function addPhotos(files) {
  for (const file of files) {
    if (photos.length >= MOST) {
      window.alert(words.tooMany);
      break;
    }
    photos.push(await take(file));
  }
  find("photo").value = "";
  await showPhotos();
}

async function showPhotos() {
  const shown = await Promise.all(
    photos.map(async (photo) => {
      const button = make("button", { type: "button", className: "photo", title: words.remove, ariaLabel: words.remove }, await small(photo));
      button.addEventListener("click", () => {
        photos = photos.filter((each) => each !== photo);
        showPhotos();
      });
      return button;
    }),
  );
  find("photos").replaceChildren(...shown);
}

// -- writing and sending -------------------------------------------------------------------

// Where the device was, if it said so itself; a tap on the map is no evidence of that.
function device() {
  const accuracy = +field("accuracy").value;
  if (!accuracy) return {};
  return { longitude: +field("longitude").value, latitude: +field("latitude").value, accuracy };
}

function written() {
  const matter = field("matter").value;
  const given = new FormData(form);
  const fields = [...given.entries()].filter(
    ([name, value]) =>
      typeof value === "string" && value !== "" && name !== "csrfmiddlewaretoken" &&
      (!name.startsWith("f.") || name.startsWith(`f.${matter}.`)),
  );
  if (joins) fields.push(["join", String(joins.id)]);
  const tile = form.querySelector("[name=matter]:checked");
  const label = field("words").value.trim() || tile.labels[0].textContent.trim();
  const placed = photos.map((photo) => ({ ...photo, captured: photo.captured && { ...photo.captured, ...device() } }));
  return { id: uuid(), user: form.dataset.user, at: new Date().toISOString(), label, fields, photos: placed };
}

async function submit(event) {
  event.preventDefault();
  if (!form.reportValidity()) return;
  find("send").disabled = true;
  try {
    await queue.put(written());
    form.reset();
    photos = [];
    joins = null;
    showNear([]);
    hidePicker();
    find("place").textContent = "";
    ["longitude", "latitude", "accuracy"].forEach((name) => (field(name).value = ""));
    await showPhotos();
    say(words.kept);
    await round();
  } finally {
    find("send").disabled = false;
  }
}

function say(text, address) {
  const box = find("sent");
  const inside = address ? make("a", { href: address, textContent: text }) : text;
  box.hidden = false;
  box.querySelector("span").replaceChildren(inside);
  box.focus({ preventScroll: true });
  box.scrollIntoView({ block: "center", behavior: "instant" });
}

function told(_report, answer) {
  const text = answer.joined ? words.joined : words.sent;
  say([text.replace("{n}", answer.number), ...answer.refused].join(" · "), answer.address);
}

let busy = null;
function round() {
  busy ??= flush(form, told)
    .then(showQueue)
    .finally(() => (busy = null));
  return busy;
}

async function showQueue(why) {
  const waiting = await queue.all();
  const mine = waiting.filter((report) => report.user === form.dataset.user);
  find("queue").hidden = !waiting.length;
  const count = waiting.length;
  find("queue-head").textContent = count === 1 ? words.waitingOne : words.waiting.replace("{n}", count);
  const door = make("a", { href: `${form.dataset.door}?next=${form.dataset.scope}`, className: "btn btn-sm btn-primary", textContent: words.signIn });
  find("queue-why").replaceChildren(...(why && mine.length ? [words[why] || "", why === "door" ? door : ""] : []));
  find("queue-list").replaceChildren(...waiting.map(line));
}

function line(report) {
  const own = report.user === form.dataset.user;
  const about = own ? report.label : words.other;
  const item = make("li", {}, make("span", {}, about), make("time", { textContent: new Date(report.at).toLocaleString(document.documentElement.lang) }));
  if (report.refused && own) {
    const away = make("button", { type: "button", className: "btn btn-sm", textContent: words.discard });
    away.addEventListener("click", async () => {
      if (!window.confirm(words.sure)) return;
      await queue.remove(report.id);
      showQueue("");
    });
    item.append(make("strong", { className: "refused", textContent: report.refused }), away);
  }
  return item;
}

// -- the app -------------------------------------------------------------------------------

// So that the next start needs no network: the page itself and all it has loaded.
async function shelve() {
  if (!navigator.serviceWorker) return;
  await navigator.serviceWorker.register(form.dataset.worker, { scope: form.dataset.scope });
  await navigator.serviceWorker.ready;
  const shelf = await caches.open("jiulong-report-1");
  const files = performance.getEntriesByType("resource").map((entry) => new URL(entry.name));
  const ours = files.filter((url) => url.origin === location.origin && url.pathname.includes("/static/"));
  const wanted = new Set([...ours.map(String), new URL(form.dataset.map, location.href).href]);
  await Promise.allSettled([...wanted].map((address) => shelf.add(address)));
  const page = await fetch(form.dataset.scope);
  if (page.ok && !page.redirected) await shelf.put(form.dataset.scope, page);
  document.body.dataset.shelved = "yes";
}

if (form && window.indexedDB) {
  form.noValidate = false;
  find("locate").hidden = find("pick").hidden = false;
  find("locate").addEventListener("click", findMe);
  find("pick").addEventListener("click", () => (find("picker").hidden ? showPicker() : hidePicker()));
  find("area").addEventListener("change", ({ target }) => {
    const { longitude, latitude } = target.selectedOptions[0].dataset;
    if (longitude) setPlace(+longitude, +latitude, 0, target.selectedOptions[0].textContent);
  });
  form.querySelectorAll("[name=matter]").forEach((tile) => tile.addEventListener("change", askNear));
  find("photo").addEventListener("change", (event) => addPhotos([...event.target.files]));
  find("queue-send").addEventListener("click", round);
  form.addEventListener("submit", submit);
  window.addEventListener("online", round);
  document.addEventListener("visibilitychange", () => document.hidden || round());
  setInterval(() => document.hidden || find("queue").hidden || round(), AGAIN_MS);
  navigator.storage?.persist?.();
  round();
  shelve().catch(() => {}); // without the worker the queue still holds while the page is open
}
