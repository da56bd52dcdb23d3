// The list beside the map: every marker is a row of it, so that nothing needs the map.
import { fill, late, percent, words, year } from "./data.js";
import { lamp, text } from "./html.js";

const item = (row, chosen) => {
  const one = row.project;
  const said = [year.zones[one.zone], words.stages[row.stage][1], late(row.behind)].filter(Boolean).map(text).join(" · ");
  return `<li><button type="button" data-id="${one.id}"${one.id === chosen ? ' aria-current="true"' : ""}>${lamp(row.light)}<span class="pw-name">${text(one.name)}</span><span class="num pw-share">${percent(row.share)}</span><small class="pw-said">${said}</small><small class="num pw-due">${percent(row.due)}</small></button></li>`;
};

export function list(box, heading, rows, chosen) {
  const held = box.contains(document.activeElement) ? document.activeElement.dataset.id : null;
  const top = box.scrollTop;
  box.innerHTML = rows.map((row) => item(row, chosen)).join("") || `<li class="pw-none">${text(words.nothing)}</li>`;
  heading.textContent = fill(words.projects, rows.length);
  box.scrollTop = top;
  if (held) (box.querySelector(`[data-id="${held}"]`) || box).focus({ preventScroll: true });
}

export function point(box, id, bring) {
  for (const one of box.querySelectorAll(".is-pointed")) one.classList.remove("is-pointed");
  const found = id && box.querySelector(`[data-id="${id}"]`);
  if (!found) return;
  found.classList.add("is-pointed");
  if (bring) found.scrollIntoView({ block: "nearest" });
}
