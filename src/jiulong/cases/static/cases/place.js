// A place by a click on the schematic map; the two number fields stay the truth, and work alone.
import { schematic } from "../pages/district.js";

const box = document.getElementById("place-map");
const longitude = document.getElementById(box.dataset.longitude);
const latitude = document.getElementById(box.dataset.latitude);
const PIN = '<svg viewBox="0 0 20 20" aria-hidden="true"><path d="M10 1a6.5 6.5 0 0 0-6.5 6.5C3.5 12 10 19 10 19s6.5-7 6.5-11.5A6.5 6.5 0 0 0 10 1z"/></svg>';

box.hidden = false;
const map = await schematic(box);
let pin = null;
const mark = (place) => {
  if (!pin) pin = L.marker(place, { keyboard: false, icon: L.divIcon({ className: "place-pin", html: PIN, iconSize: [20, 20], iconAnchor: [10, 19] }) }).addTo(map);
  else pin.setLatLng(place);
};
const typed = () => {
  const place = [Number(latitude.value), Number(longitude.value)];
  if (latitude.value && longitude.value && place.every(Number.isFinite)) mark(place);
};
map.on("click", (event) => {
  longitude.value = event.latlng.lng.toFixed(6);
  latitude.value = event.latlng.lat.toFixed(6);
  mark(event.latlng);
  document.body.dispatchEvent(new CustomEvent("placed"));
});
longitude.addEventListener("change", typed);
latitude.addEventListener("change", typed);
typed();
