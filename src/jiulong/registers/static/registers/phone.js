// What a phone adds to a form: where it is, and a pad to sign on. Forms work without it.
function pad(box) {
  const canvas = box.querySelector("canvas");
  const kept = box.parentElement.querySelector(`input[type=hidden]`);
  const pen = canvas.getContext("2d");
  let drawing = false;
  const blank = () => {
    // Paper is white whatever the theme: this is kept and printed.
    pen.fillStyle = "#fff";
    pen.fillRect(0, 0, canvas.width, canvas.height);
    Object.assign(pen, { strokeStyle: "#16232b", lineWidth: 6, lineCap: "round", lineJoin: "round" });
    kept.value = "";
  };
  const spot = (event) => {
    const edge = canvas.getBoundingClientRect();
    return [((event.clientX - edge.left) * canvas.width) / edge.width, ((event.clientY - edge.top) * canvas.height) / edge.height];
  };
  const lift = () => {
    if (drawing) kept.value = canvas.toDataURL("image/png");
    drawing = false;
  };
  canvas.addEventListener("pointerdown", (event) => {
    canvas.setPointerCapture(event.pointerId);
    drawing = true;
    pen.beginPath();
    pen.moveTo(...spot(event));
  });
  canvas.addEventListener("pointermove", (event) => {
    if (!drawing) return;
    const moves = event.getCoalescedEvents?.() ?? [];
    (moves.length ? moves : [event]).forEach((each) => pen.lineTo(...spot(each)));
    pen.stroke();
  });
  ["pointerup", "pointercancel"].forEach((name) => canvas.addEventListener(name, lift));
  box.querySelector("button").addEventListener("click", blank);
  box.hidden = false;
  blank();
}

function locator(button) {
  const [longitude, latitude, , accuracy] = button.parentElement.querySelectorAll("input");
  const told = button.parentElement.querySelector("[data-accuracy]");
  const fail = () => { told.textContent = told.dataset.unknown; };
  button.hidden = !navigator.geolocation;
  button.addEventListener("click", () => {
    navigator.geolocation.getCurrentPosition(({ coords }) => {
      longitude.value = coords.longitude.toFixed(6);
      latitude.value = coords.latitude.toFixed(6);
      accuracy.value = coords.accuracy.toFixed(1);
      told.textContent = told.dataset.accuracy.replace("%s", Math.round(coords.accuracy));
    }, fail, { enableHighAccuracy: true, timeout: 15000, maximumAge: 30000 });
  });
  // A place that was typed is not what the device knew.
  [longitude, latitude].forEach((input) => input.addEventListener("input", () => { accuracy.value = ""; }));
}

function dress() {
  document.querySelectorAll("[data-pad][hidden]").forEach(pad);
  document.querySelectorAll("[data-locate][hidden]").forEach(locator);
}
document.body.addEventListener("htmx:afterSettle", dress);
dress();
