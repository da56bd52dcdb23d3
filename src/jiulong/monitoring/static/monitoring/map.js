// Points on our schematic of the district: the light's shape and colour at the outfall's place.
// Tianditu tiles are offered when the site has a key; nothing leaves the house otherwise.
import { SHAPE, base as schematic, chart, fit, json, keepNamesApart, text as escape } from "../pages/district.js";

const box = document.getElementById("map");
const words = document.getElementById("map-words").dataset;
const TONE = { jade: "met", amber: "near", cinnabar: "over", indigo: "told" };
// What is wrong lies above the names of places, what is in order beneath them.
const ORDER = { met: 0, told: 2000, near: 3000, over: 4000 };
const NAMES = 1000;
box.textContent = "";
const map = chart(box);

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

async function start() {
  const [features, data] = await Promise.all([json(box.dataset.base), json(box.dataset.source)]);
  const base = schematic(features, { river: 14, names: { zIndexOffset: NAMES } });
  base.addTo(map);
  if (box.dataset.tianditu) {
    const tiles = L.layerGroup(["vec", "cva"].map((layer) => tianditu(layer, box.dataset.tianditu)));
    L.control.layers({ [words.schematic]: base, [words.tianditu]: tiles }).addTo(map);
  }
  let shown = drawPoints(data.points).addTo(map);
  fit(map, features);
  keepNamesApart(map);
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
