// One place on the schematic of the district.
const box = document.getElementById("place");
const at = [Number(box.dataset.latitude), Number(box.dataset.longitude)];
const kind = (name) => ({ filter: (feature) => feature.properties.kind === name, interactive: false });

const start = async () => {
  const response = await fetch(box.dataset.base);
  if (!response.ok) return;
  const features = await response.json();
  const map = L.map(box, { zoomSnap: 0.25, minZoom: 10, maxZoom: 17, attributionControl: false, keyboard: false, scrollWheelZoom: false });
  L.geoJSON(features, { ...kind("street"), style: { className: "map-street", weight: 1 } }).addTo(map);
  L.geoJSON(features, { ...kind("river"), style: { className: "map-river", weight: 10, lineCap: "round" } }).addTo(map);
  const icon = L.divIcon({
    className: "place-mark", iconSize: [20, 20],
    html: '<svg viewBox="0 0 16 16" aria-hidden="true"><path d="M8 15S2.5 9.5 2.5 6a5.5 5.5 0 0 1 11 0C13.5 9.5 8 15 8 15z"/></svg>',
  });
  L.marker(at, { icon, interactive: false, keyboard: false }).addTo(map);
  map.setView(at, 13);
};

start();
