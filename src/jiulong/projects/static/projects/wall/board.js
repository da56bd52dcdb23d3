// The board: columns by stage, zone, unit, leader or light; cards with plan, delay, next milestone.
import { LIGHTS, grouped, tone } from "./data.js";
import { bullet, delay, lamp, next, shape, shares, text } from "./html.js";

const card = (row) => `<li><button type="button" class="pw-card tone-${tone(row.light)}" data-id="${row.project.id}"><span class="pw-card-name">${lamp(row.light)}${text(row.project.name)}</span>${bullet(row)}<span class="pw-card-line">${shares(row)}${delay(row)}</span>${next(row)}</button></li>`;

// How the lights of a column are spread: a bar whose parts are their numbers.
export const spread = (rows) => {
  let at = 0;
  const parts = LIGHTS.map((light) => {
    const n = rows.filter((row) => row.light === light).length;
    const width = rows.length ? (1000 * n) / rows.length : 0;
    at += width;
    return width ? `<rect class="pw-part is-${tone(light)}" x="${(at - width).toFixed(1)}" width="${Math.max(0, width - 4).toFixed(1)}" height="10"/>` : "";
  });
  return `<svg class="pw-spread" viewBox="0 0 1000 10" preserveAspectRatio="none" aria-hidden="true">${parts.join("")}</svg>`;
};

export const tally = (rows) => LIGHTS.map((light) => [light, rows.filter((row) => row.light === light).length]).filter(([, n]) => n)
  .map(([light, n]) => `<span class="light light-${tone(light)}">${shape(tone(light))}<b class="num">${n}</b></span>`).join("");

export function board(box, rows, by) {
  const left = box.scrollLeft;
  box.innerHTML = grouped(rows, by).map((group) => `<section class="pw-column" aria-label="${text(group.label).replaceAll('"', "&quot;")}"><h3>${text(group.label)} <span class="num">${group.rows.length}</span></h3>${spread(group.rows)}<p class="pw-tally">${tally(group.rows)}</p><ol tabindex="0" aria-label="${text(group.label).replaceAll('"', "&quot;")}">${group.rows.map(card).join("")}</ol></section>`).join("");
  box.scrollLeft = left;
}
