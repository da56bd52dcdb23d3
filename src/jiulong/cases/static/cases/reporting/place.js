// Where it is: by the device, by a tap on our schematic of the district, or from the list.
import { place } from "../../evidence/capture.js";

const SVG = "http://www.w3.org/2000/svg";
const WIDTH = 1000;

const PATIENCE_MS = 15000;

export async function locate(done, fail) {
  const found = await place(PATIENCE_MS);
  if (found) done(found.longitude, found.latitude, found.accuracy_m);
  else fail();
}

const draw = (name, attributes) => {
  const node = document.createElementNS(SVG, name);
  Object.entries(attributes).forEach(([key, value]) => node.setAttribute(key, value));
  return node;
};

// Longitude and latitude to the drawing and back: equirectangular around the district.
function frame(rings) {
  const places = rings.flat();
  const west = Math.min(...places.map((p) => p[0]));
  const east = Math.max(...places.map((p) => p[0]));
  const south = Math.min(...places.map((p) => p[1]));
  const north = Math.max(...places.map((p) => p[1]));
  const squeeze = Math.cos(((south + north) / 2) * (Math.PI / 180));
  const scale = WIDTH / ((east - west) * squeeze);
  return {
    height: (north - south) * scale,
    to: ([x, y]) => [(x - west) * squeeze * scale, (north - y) * scale],
    from: ([x, y]) => [west + x / (squeeze * scale), north - y / scale],
  };
}

export async function picker(box, address, label, chinese, done) {
  const answer = await fetch(address);
  const { features } = await answer.json();
  const of = (kind) => features.filter((feature) => feature.properties.kind === kind);
  const at = frame(of("street").map((feature) => feature.geometry.coordinates[0]));
  const line = (places) => `M${places.map((p) => at.to(p).join(" ")).join("L")}`;
  const map = draw("svg", { viewBox: `0 0 ${WIDTH} ${at.height}`, role: "img", "aria-label": label });
  of("street").forEach((f) => map.append(draw("path", { d: `${line(f.geometry.coordinates[0])}Z`, class: "picker-street" })));
  of("river").forEach((f) => map.append(draw("path", { d: line(f.geometry.coordinates), class: "picker-river" })));
  const named = [];
  of("label").forEach((f) => {
    const [x, y] = at.to(f.geometry.coordinates);
    // Where two names would overlap, the later gives way.
    if (named.some(([left, top]) => Math.abs(left - x) < 170 && Math.abs(top - y) < 40)) return;
    named.push([x, y]);
    const name = draw("text", { x, y, class: "picker-label" });
    name.textContent = chinese ? f.properties.zh : f.properties.en;
    map.append(name);
  });
  const pin = draw("circle", { r: 16, class: "picker-pin", visibility: "hidden" });
  map.append(pin);
  map.addEventListener("click", (event) => {
    const spot = new DOMPoint(event.clientX, event.clientY).matrixTransform(map.getScreenCTM().inverse());
    mark([spot.x, spot.y]);
    done(...at.from([spot.x, spot.y]));
  });
  const mark = ([x, y]) => {
    pin.setAttribute("cx", x);
    pin.setAttribute("cy", y);
    pin.setAttribute("visibility", "visible");
  };
  box.append(map);
  return (longitude, latitude) => mark(at.to([longitude, latitude]));
}
