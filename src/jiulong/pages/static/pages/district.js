// The schematic district as the base of a Leaflet map: streets, rivers, names. No tiles, nothing
// from outside the house. Pages that draw something on it import from here.
const chinese = document.documentElement.lang.startsWith("zh");
const VIEW = { zoomSnap: 0.25, minZoom: 10, maxZoom: 17, attributionControl: false };
const PADDING = 8;

// The four lights as shapes in a box of 16 × 16; `none` is what has no light.
export const SHAPE = {
  met: '<circle cx="8" cy="8" r="6"/>',
  near: '<path d="M8 1.5 15 14.5H1z"/>',
  over: '<rect x="2" y="2" width="12" height="12"/>',
  told: '<path d="M8 1l7 7-7 7-7-7z"/>',
  none: '<circle cx="8" cy="8" r="6"/>',
};

export const json = async (address) => {
  const response = await fetch(address);
  if (!response.ok) throw new Error(`${response.status}`);
  return response.json();
};

// Words as they may stand in HTML.
export const text = (words) => {
  const span = document.createElement("span");
  span.textContent = words;
  return span.innerHTML;
};

export const chart = (box, options = {}) => L.map(box, { ...VIEW, ...options });

const kind = (name) => ({ filter: (feature) => feature.properties.kind === name, interactive: false });

// Streets, rivers and, unless told otherwise, their names. `names` are options of their markers.
export function base(features, { river = 12, names = {} } = {}) {
  const group = L.layerGroup();
  L.geoJSON(features, { ...kind("street"), style: { className: "map-street", weight: 1 } }).addTo(group);
  L.geoJSON(features, { ...kind("river"), style: { className: "map-river", weight: river, lineCap: "round" } }).addTo(group);
  if (!names) return group;
  L.geoJSON(features, {
    ...kind("label"),
    pointToLayer: (feature, place) => L.marker(place, {
      interactive: false, keyboard: false, ...names,
      icon: L.divIcon({ className: "map-label", html: `<span>${text(chinese ? feature.properties.zh : feature.properties.en)}</span>`, iconSize: [120, 20], iconAnchor: [60, 10] }),
    }),
  }).addTo(group);
  return group;
}

export function fit(map, features) {
  map.fitBounds(L.geoJSON(features, kind("street")).getBounds(), { padding: [PADDING, PADDING], animate: false });
}

// Names that would lie over one another wait for a closer look: the first drawn stays.
function thin(box) {
  const shown = [];
  for (const name of box.querySelectorAll(".map-label")) {
    const own = name.firstElementChild.getBoundingClientRect();
    const covered = shown.some((other) => own.left < other.right && own.right > other.left && own.top < other.bottom && own.bottom > other.top);
    name.classList.toggle("is-hidden", covered);
    if (!covered) shown.push(own);
  }
}

export function keepNamesApart(map) {
  const box = map.getContainer();
  map.on("zoomend", () => thin(box));
  thin(box);
}

// The district in a box whose `data-base` names the drawing; the map is returned as it stands.
export async function schematic(box) {
  const features = await json(box.dataset.base);
  const map = chart(box);
  base(features).addTo(map);
  fit(map, features);
  keepNamesApart(map);
  return map;
}
