// The schematic district as the base of a map: streets, rivers, names. No tiles, nothing from outside.
const chinese = document.documentElement.lang.startsWith("zh");

const json = async (address) => {
  const response = await fetch(address);
  if (!response.ok) throw new Error(`${response.status}`);
  return response.json();
};

const text = (words) => {
  const span = document.createElement("span");
  span.textContent = words;
  return span.innerHTML;
};

// Where names would lie on each other, the later one waits for a closer look.
const thin = (box) => {
  const shown = [];
  for (const name of box.querySelectorAll(".map-label")) {
    const own = name.firstElementChild.getBoundingClientRect();
    const covered = shown.some((other) => own.left < other.right && own.right > other.left && own.top < other.bottom && own.bottom > other.top);
    name.classList.toggle("is-hidden", covered);
    if (!covered) shown.push(own);
  }
};

export async function schematic(box) {
  const features = await json(box.dataset.base);
  const map = L.map(box, { zoomSnap: 0.25, minZoom: 10, maxZoom: 17, attributionControl: false });
  const kind = (name) => ({ filter: (feature) => feature.properties.kind === name, interactive: false });
  const streets = L.geoJSON(features, { ...kind("street"), style: { className: "map-street", weight: 1 } }).addTo(map);
  L.geoJSON(features, { ...kind("river"), style: { className: "map-river", weight: 12, lineCap: "round" } }).addTo(map);
  L.geoJSON(features, {
    ...kind("label"),
    pointToLayer: (feature, place) => L.marker(place, {
      interactive: false, keyboard: false,
      icon: L.divIcon({ className: "map-label", html: `<span>${text(chinese ? feature.properties.zh : feature.properties.en)}</span>`, iconSize: [120, 20], iconAnchor: [60, 10] }),
    }),
  }).addTo(map);
  map.fitBounds(streets.getBounds(), { padding: [8, 8], animate: false });
  thin(box);
  map.on("zoomend", () => thin(box));
  return map;
}

export { json, text };
