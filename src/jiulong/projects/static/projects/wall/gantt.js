// Milestones of the year: what was planned as an outline, the works as a bar, nodes as diamonds.
import { dayOf, grouped, labelOf, tone, words, year } from "./data.js";
import { lamp, text } from "./html.js";

const ROW = 26;
const HEAD = 28;
const AXIS = 28;
const LABELS = 232;
const NARROW = 132;
const DAY_MS = 86_400_000;
const FIRST = Date.UTC(year.year, 0, 1);
const DAYS = (Date.UTC(year.year + 1, 0, 1) - FIRST) / DAY_MS;

const place = (day, width) => ((Date.parse(day) - FIRST) / DAY_MS / DAYS) * width;
const within = (x, width) => Math.max(0, Math.min(width, x));

const bar = (from, to, y, height, width, kind) => {
  if (!from || !to) return "";
  const [left, right] = [within(place(from, width), width), within(place(to, width), width)];
  return right > left ? `<rect class="${kind}" x="${left.toFixed(1)}" y="${y}" width="${(right - left).toFixed(1)}" height="${height}" rx="1"/>` : "";
};

const diamond = (x, y, kind, title) => `<path class="pw-g-mark ${kind}" d="M${x} ${y - 6}L${x + 6} ${y} ${x} ${y + 6} ${x - 6} ${y}z"><title>${text(title)}</title></path>`;
const square = (x, y, title) => `<rect class="pw-g-mark is-late" x="${x - 4.5}" y="${y - 4.5}" width="9" height="9"><title>${text(title)}</title></rect>`;

const state = (planned, done, day) => {
  if (done && done <= day) return "done";
  return planned < day ? "late" : "waits";
};
const WORDS = { done: "achieved", late: "overdue", waits: "to_come" };

const node = ([title, planned, done], y, width, day) => {
  const how = state(planned, done, day);
  const at = how === "done" ? done : planned;
  const x = place(at, width);
  if (x < 0 || x > width) return "";
  const px = Number(x.toFixed(1));
  const told = `${title}${words.colon}${words[WORDS[how]]} ${at}${how === "done" && done !== planned ? ` · ${words.planned} ${planned}` : ""}`;
  const was = within(place(planned, width), width);
  const slip = how === "done" && done > planned ? `<line class="pw-g-slip" x1="${was.toFixed(1)}" x2="${px}" y1="${y}" y2="${y}"/>` : "";
  return slip + (how === "late" ? square(px, y, told) : diamond(px, y, how === "done" ? "is-done" : "", told));
};

const works = (row, y, width, day) => {
  const { starts, finishes, marks } = row.project;
  const begun = starts[1] && starts[1] <= day ? starts[1] : null;
  const ended = finishes[1] && finishes[1] <= day ? finishes[1] : day;
  return bar(starts[0], finishes[0] || `${year.year}-12-31`, y + 5, 16, width, "pw-g-plan")
    + bar(begun, ended, y + 9, 8, width, `pw-g-done is-${tone(row.light)}`)
    + marks.map((mark) => node(mark, y + ROW / 2, width, day)).join("");
};

const axis = (width) => words.months.map((name, n) => {
  const x = place(`${year.year}-${String(n + 1).padStart(2, "0")}-01`, width);
  return `<text x="${(x + 6).toFixed(1)}" y="18">${text(name)}</text>`;
}).join("");
const lines = (width, height) => words.months.map((_name, n) => {
  const x = place(`${year.year}-${String(n + 1).padStart(2, "0")}-01`, width).toFixed(1);
  return `<line class="pw-g-line" x1="${x}" x2="${x}" y1="0" y2="${height}"/>`;
}).join("");

// Whether anything of a project falls into the year: such groups stand first.
const seen = ({ project: { starts, finishes, marks } }) => {
  const [from, to] = [`${year.year}-01-01`, `${year.year}-12-31`];
  const begun = [starts[0], starts[1]].some((on) => on && on <= to) && !(finishes[1] && finishes[1] < from);
  return begun || marks.some(([, planned, done]) => (done || planned) >= from && (done || planned) <= to);
};
const drawnFirst = (groups) => {
  const any = groups.map((group) => group.rows.some(seen));
  return [...groups.filter((_g, n) => any[n]), ...groups.filter((_g, n) => !any[n])];
};

export function gantt(box, rows, by, month) {
  const room = box.clientWidth;
  if (!room) return;
  const side = room < 600 ? NARROW : LABELS;
  const width = Math.max(420, room - side - 2);
  const day = dayOf(month);
  const [labels, drawn] = [[], []];
  let y = 0;
  for (const group of drawnFirst(grouped(rows, by))) {
    labels.push(`<div class="pw-g-group">${text(group.label)} <span class="num">${group.rows.length}</span></div>`);
    drawn.push(`<rect class="pw-g-band" x="0" y="${y}" width="${width}" height="${HEAD}"/>`);
    y += HEAD;
    for (const row of group.rows) {
      labels.push(`<button type="button" class="pw-g-label" data-id="${row.project.id}">${lamp(row.light)}<span>${text(row.project.name)}</span></button>`);
      drawn.push(works(row, y, width, day));
      y += ROW;
    }
  }
  const today = place(day, width).toFixed(1);
  const top = box.scrollTop;
  box.innerHTML = `<div class="pw-g-grid"><div class="pw-g-corner"></div><svg class="pw-g-axis" width="${width}" height="${AXIS}" aria-hidden="true">${axis(width)}</svg><div class="pw-g-labels">${labels.join("")}</div><svg class="pw-g-body" width="${width}" height="${y}" aria-hidden="true">${drawn[0] === undefined ? "" : lines(width, y)}${drawn.join("")}<line class="pw-g-today" x1="${today}" x2="${today}" y1="0" y2="${y}"/></svg></div>`;
  box.firstElementChild.style.gridTemplateColumns = `${side}px ${width}px`;
  box.scrollTop = top;
}

// The same in words: every node that was planned for the year or reached in it.
export function ganttTable(box, rows, by, month) {
  const day = dayOf(month);
  const ofYear = (on) => on && on.startsWith(String(year.year));
  const cells = rows.flatMap((row) => row.project.marks.filter(([, planned, done]) => ofYear(planned) || ofYear(done)).map(([title, planned, done]) => {
    const how = state(planned, done, day);
    return `<tr><td>${text(labelOf(by, row))}</td><td>${text(row.project.name)}</td><td>${text(title)}</td><td class="num">${planned}</td><td class="num">${how === "done" ? done : "—"}</td><td${how === "late" ? ' class="over"' : ""}>${text(words[WORDS[how]])}</td></tr>`;
  }));
  const heads = [words.groups[by], words.project, words.milestone, words.planned_on, words.done_on, words.state];
  box.innerHTML = `<table class="grid-table plain"><thead><tr>${heads.map((one) => `<th scope="col">${text(one)}</th>`).join("")}</tr></thead><tbody>${cells.join("")}</tbody></table>`;
}
