// One place on the schematic of the district.
import { base, chart, json } from "../pages/district.js";

const box = document.getElementById("place");
const at = [Number(box.dataset.latitude), Number(box.dataset.longitude)];

const start = async () => {
  const features = await json(box.dataset.base);
  const map = chart(box, { keyboard: false, scrollWheelZoom: false });
  base(features, { river: 10, names: false }).addTo(map);
  const icon = L.divIcon({
    className: "place-mark", iconSize: [20, 20],
    html: '<svg viewBox="0 0 16 16" aria-hidden="true"><path d="M8 15S2.5 9.5 2.5 6a5.5 5.5 0 0 1 11 0C13.5 9.5 8 15 8 15z"/></svg>',
  });
  L.marker(at, { icon, interactive: false, keyboard: false }).addTo(map);
  map.setView(at, 13);
};

// Without the drawing the address beneath says where it is.
start().catch(() => {});
