// Zones beside the map, the most troubled first: how their lights are spread.
import { spread } from "./board.js";
import { grouped } from "./data.js";
import { text } from "./html.js";

const wrong = (group) => group.rows.filter((row) => row.light === "r" || row.light === "y").length;

export function zones(box, rows, { chosen = "", quiet = false, most = 11 } = {}) {
  const found = grouped(rows, "zone").sort((a, b) => wrong(b) - wrong(a) || b.rows.length - a.rows.length).slice(0, most);
  box.innerHTML = found.map((group) => {
    const inside = `<span>${text(group.label)}</span>${spread(group.rows)}<b class="num">${group.rows.length}</b>`;
    return quiet ? `<li>${inside}</li>` : `<li><button type="button" data-zone="${group.key}" aria-pressed="${group.key === chosen}">${inside}</button></li>`;
  }).join("");
}
