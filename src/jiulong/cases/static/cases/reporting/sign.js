// The pad: a line follows finger, pen or mouse. Without it a written name and the password do.
const pad = document.getElementById("pad");
const form = document.getElementById("sign");

if (pad && form) {
  const canvas = pad.querySelector("canvas");
  const pen = canvas.getContext("2d");
  let drawing = false;
  let touched = false;

  const blank = () => {
    // Paper is white whatever the theme: this is kept and printed.
    pen.fillStyle = "#fff";
    pen.fillRect(0, 0, canvas.width, canvas.height);
    Object.assign(pen, { strokeStyle: "#16232b", lineWidth: 6, lineCap: "round", lineJoin: "round" });
    touched = false;
  };
  const spot = (event) => {
    const box = canvas.getBoundingClientRect();
    return [((event.clientX - box.left) * canvas.width) / box.width, ((event.clientY - box.top) * canvas.height) / box.height];
  };

  pad.hidden = false;
  blank();
  canvas.addEventListener("pointerdown", (event) => {
    canvas.setPointerCapture(event.pointerId);
    drawing = touched = true;
    pen.beginPath();
    pen.moveTo(...spot(event));
  });
  canvas.addEventListener("pointermove", (event) => {
    if (!drawing) return;
    const moves = event.getCoalescedEvents?.() ?? [];
    (moves.length ? moves : [event]).forEach((each) => pen.lineTo(...spot(each)));
    pen.stroke();
  });
  ["pointerup", "pointercancel"].forEach((name) => canvas.addEventListener(name, () => (drawing = false)));
  document.getElementById("clear").addEventListener("click", blank);
  form.addEventListener("submit", () => {
    form.elements.namedItem("drawn").value = touched ? canvas.toDataURL("image/png") : "";
  });
}
