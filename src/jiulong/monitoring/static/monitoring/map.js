// Points on our schematic of the district: the light's shape and colour at the outfall's place.
// Tianditu tiles are offered when the site has a key; nothing leaves the house otherwise.
const box = document.getElementById("map");
const words = document.getElementById("map-words").dataset;
const chinese = document.documentElement.lang.startsWith("zh");
const TONE = { jade: "met", amber: "near", cinnabar: "over", indigo: "told" };
const SHAPE = {
  met: '<circle cx="8" cy="8" r="6"/>',
  near: '<path d="M8 1.5 15 14.5H1z"/>',
  over: '<rect x="2" y="2" width="12" height="12"/>',
  told: '<path d="M8 1l7 7-7 7-7-7z"/>',
};
// What is wrong lies above the names of places, what is in order beneath them.
const ORDER = { met: 0, told: 2000, near: 3000, over: 4000 };
const NAMES = 1000;
box.textContent = "";
const map = L.map(box, { zoomSnap: 0.25, minZoom: 10, maxZoom: 17, attributionControl: false });

const escape = (text) => {
  const span = document.createElement("span");
  span.textContent = text;
  return span.innerHTML;
};

const json = async (address) => {
  const response = await fetch(address);
  if (!response.ok) throw new Error(`${response.status}`);
  return response.json();
};

function drawBase(features) {
  const group = L.layerGroup();
  const named = (feature) => (chinese ? feature.properties.zh : feature.properties.en);
  const kind = (name) => ({ filter: (feature) => feature.properties.kind === name, interactive: false });
  L.geoJSON(features, { ...kind("street"), style: { className: "map-street", weight: 1 } }).addTo(group);
  L.geoJSON(features, { ...kind("river"), style: { className: "map-river", weight: 14, lineCap: "round" } }).addTo(group);
  L.geoJSON(features, {
    ...kind("label"),
    pointToLayer: (feature, place) => L.marker(place, {
      interactive: false, keyboard: false, zIndexOffset: NAMES,
      icon: L.divIcon({ className: "map-label", html: `<span>${escape(named(feature))}</span>`, iconSize: [120, 20], iconAnchor: [60, 10] }),
    }),
  }).addTo(group);
  return group;
}

const tianditu = (layer, key) => L.tileLayer(
  `https://t{s}.tianditu.gov.cn/${layer}_w/wmts?SERVICE=WMTS&REQUEST=GetTile&VERSION=1.0.0&LAYER=${layer}&STYLE=default&TILEMATRIXSET=w&FORMAT=tiles&TILEMATRIX={z}&TILEROW={y}&TILECOL={x}&tk=${encodeURIComponent(key)}`,
  { subdomains: "01234567" },
);

function drawPoints(points) {
  const layer = L.layerGroup();
  for (const point of points) {
    const tone = TONE[point.light];
    const title = `${point.enterprise} ${point.name}`;
    const marker = L.marker([point.latitude, point.longitude], {
      title: `${words[tone]}: ${title}`, alt: `${words[tone]}: ${title}`, riseOnHover: true, zIndexOffset: ORDER[tone],
      icon: L.divIcon({ className: `map-light light-${tone}`, iconSize: [16, 16], html: `<svg viewBox="0 0 16 16" aria-hidden="true">${SHAPE[tone]}</svg>` }),
    });
    marker.bindTooltip(`<strong>${escape(point.enterprise)}</strong><br>${escape(point.name)}${point.findings ? `<br>${point.findings} ${escape(words.findings)}` : ""}`, { direction: "top", offset: [0, -8] });
    marker.on("click", () => { location.href = point.address; });
    marker.on("keypress", (event) => { if (event.originalEvent.key === "Enter") location.href = point.address; });
    layer.addLayer(marker);
  }
  return layer;
}

// Names that would lie over one another wait for a closer look: the first drawn stays.
function thinNames() {
  const shown = [];
  for (const name of box.querySelectorAll(".map-label")) {
    name.classList.remove("is-hidden");
    const text = name.firstElementChild.getBoundingClientRect();
    const covered = shown.some((other) => text.left < other.right && text.right > other.left && text.top < other.bottom && text.bottom > other.top);
    name.classList.toggle("is-hidden", covered);
    if (!covered) shown.push(text);
  }
}

async function start() {
  const [features, data] = await Promise.all([json(box.dataset.base), json(box.dataset.source)]);
  const base = drawBase(features);
  base.addTo(map);
  if (box.dataset.tianditu) {
    const tiles = L.layerGroup(["vec", "cva"].map((layer) => tianditu(layer, box.dataset.tianditu)));
    L.control.layers({ [words.schematic]: base, [words.tianditu]: tiles }).addTo(map);
  }
  let shown = drawPoints(data.points).addTo(map);
  map.fitBounds(L.geoJSON(features, { filter: (feature) => feature.properties.kind === "street" }).getBounds(), { padding: [8, 8] });
  map.on("zoomend", thinNames);
  thinNames();
  for (const event of ["live:findings", "live:quarantine"]) {
    document.body.addEventListener(event, async () => {
      const fresh = drawPoints((await json(box.dataset.source)).points);
      map.removeLayer(shown);
      shown = fresh.addTo(map);
    });
  }
}

start().catch(() => {
  box.textContent = words.failed;
});
