// Open cases with their lights on the schematic district; the list beneath has the same.
import { SHAPE, json, schematic, text } from "../pages/district.js";

const box = document.getElementById("map");
const ORDER = { none: 0, met: 0, told: 2000, near: 3000, over: 4000 };

const draw = (points) => {
  const layer = L.layerGroup();
  for (const one of points) {
    const title = `${one.number} ${one.title}`;
    const marker = L.marker([one.latitude, one.longitude], {
      title, alt: title, riseOnHover: true, zIndexOffset: ORDER[one.light],
      icon: L.divIcon({ className: `map-light light-${one.light}`, iconSize: [16, 16], html: `<svg viewBox="0 0 16 16" aria-hidden="true">${SHAPE[one.light]}</svg>` }),
    });
    marker.bindTooltip(`<strong>${text(one.title)}</strong><br>${text(one.number)} · ${text(one.stage)}`, { direction: "top", offset: [0, -8] });
    const open = () => { location.href = one.address; };
    marker.on("click", open);
    marker.on("keypress", (event) => { if (event.originalEvent.key === "Enter") open(); });
    layer.addLayer(marker);
  }
  return layer;
};

try {
  const map = await schematic(box);
  let shown = draw((await json(box.dataset.source)).points).addTo(map);
  document.body.addEventListener("live:cases", async () => {
    const fresh = draw((await json(box.dataset.source)).points);
    map.removeLayer(shown);
    shown = fresh.addTo(map);
  });
} catch {
  box.textContent = box.dataset.failed;
}
