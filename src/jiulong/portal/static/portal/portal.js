// Fills in where the device is, for forms that ask for it; without consent the fields stay empty.
import { place } from "../evidence/capture.js";

const inputs = document.querySelectorAll("input[data-place]");
if (inputs.length) {
  place().then((where) => {
    if (!where) return;
    for (const input of inputs) input.value = where[input.dataset.place] ?? "";
  });
}
