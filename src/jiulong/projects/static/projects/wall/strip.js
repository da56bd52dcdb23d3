// The counts above everything: lights, the five batches, money done against the plan.
import { LIGHTS, counts, percent, tone, yi } from "./data.js";

const set = (box, selector, value) => {
  const found = box.querySelector(selector);
  if (found) found.textContent = value;
};

export function strip(box, rows) {
  const told = counts(rows);
  set(box, "#pw-n", told.n);
  for (const light of LIGHTS) set(box, `.light-${tone(light)}[data-light] b`, told.lights[light]);
  for (const [code, n] of Object.entries(told.batches)) set(box, `[data-batch="${code}"] b`, n);
  set(box, "#pw-done", yi(told.done));
  set(box, "#pw-plan", yi(told.plan));
  set(box, "#pw-share", percent(told.share));
  set(box, "#pw-due", percent(told.due));
  const wide = (value) => Math.min(1000, Math.round((value ?? 0) * 10));
  box.querySelector("#pw-bullet .value").setAttribute("width", wide(told.share));
  box.querySelector("#pw-bullet .due").setAttribute("x", Math.min(994, wide(told.due)));
  return told;
}
