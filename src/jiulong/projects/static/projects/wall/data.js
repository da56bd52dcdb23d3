// The year of projects, read once from the page; everything here is figures, nothing draws.
// Money is in 百元 (whole numbers, so that sums are exact), delays in tenths of months.
const read = (id) => JSON.parse(document.getElementById(id).textContent);

export const year = read("pw-data");
export const words = read("pw-words");

export const FILTERS = ["zone", "unit", "stage", "level", "light", "leader"];
// The worst first; and each light with its tone, the name of its shape and colour.
export const LIGHTS = ["r", "y", "g", "n"];
const COLOURS = { red: "r", yellow: "y", green: "g", none: "n" };
export const tone = (light) => words.lights[light][0];
export const lightWord = (light) => words.lights[light][1];
// 五个一批 by the place on the road, as in wall_course.py.
const BATCHES = ["planned", "signed", "signed", "started", "started", "producing", "producing"];
const YI = 1_000_000;

// A percentage with one decimal, half to even, from whole numbers: as `queries.percent`.
export const share = (part, whole) => {
  if (whole <= 0) return null;
  const [low, rest] = [Math.floor((1000 * part) / whole), (1000 * part) % whole];
  const up = 2 * rest > whole || (2 * rest === whole && low % 2 === 1);
  return (low + (up ? 1 : 0)) / 10;
};
export const percent = (value) => (value === null ? "—" : `${value.toFixed(1)}%`);
export const yi = (hundreds) => (hundreds / YI).toLocaleString("en", { minimumFractionDigits: 2, maximumFractionDigits: 2 });
export const fill = (template, n) => template.replace("{n}", n);
export const late = (tenths) => (tenths > 0 ? fill(words.late, (tenths / 10).toFixed(1)) : "");
export const batchOf = (row) => (row.project.expanding ? "expanding" : BATCHES[row.stage]);

// Until when a month (1 is January) is looked at: its last day, or today in it.
export const dayOf = (month) => {
  const end = new Date(Date.UTC(year.year, month, 0)).toISOString().slice(0, 10);
  return end < year.today ? end : year.today;
};

const nextOf = (project, day) => {
  let found = null;
  for (const [title, planned, done] of project.marks) {
    if (!(done && done <= day) && (!found || planned < found.planned)) found = { title, planned };
  }
  return found && { ...found, overdue: found.planned < day };
};

// A project at the end of a month.
const rowOf = (project, month, day) => {
  const n = month - 1;
  return {
    project,
    light: project.lights[n],
    stage: Number(project.stages[n]),
    done: project.done[n],
    planned: project.planned[n],
    share: share(project.done[n], project.plan),
    due: share(project.planned[n], project.plan),
    behind: project.behind[n],
    next: nextOf(project, day),
  };
};

export const keyOf = (row, by) => ({
  stage: words.stages[row.stage][0],
  zone: String(row.project.zone),
  unit: String(row.project.unit),
  leader: row.project.leader,
  light: row.light,
  level: row.project.level,
})[by];

const wants = (row, state) => {
  if (state.month > row.project.until) return false;
  for (const name of FILTERS) {
    const value = state.filters[name];
    if (value && (name === "light" ? COLOURS[value] : value) !== keyOf(row, name)) return false;
  }
  const sought = state.q.toLocaleLowerCase();
  return !sought || row.project.name.toLocaleLowerCase().includes(sought) || row.project.code.toLocaleLowerCase().includes(sought);
};

const worst = (a, b) =>
  LIGHTS.indexOf(a.light) - LIGHTS.indexOf(b.light) || b.behind - a.behind || (a.project.code < b.project.code ? -1 : 1);

// The projects that are asked for at a month's end, the worst first.
export const rowsAt = (state, month = state.month) => {
  const day = dayOf(month);
  return year.projects.map((one) => rowOf(one, month, day)).filter((row) => wants(row, { ...state, month })).sort(worst);
};

export const labelOf = (by, row) => ({
  stage: () => words.stages[row.stage][1],
  zone: () => year.zones[row.project.zone],
  unit: () => year.units[row.project.unit],
  leader: () => year.leaders[row.project.leader] || words.nobody,
  light: () => lightWord(row.light),
})[by]();

// Rows by group: stages in the order of the road, lights by gravity, all else by name.
export const grouped = (rows, by) => {
  const groups = new Map();
  for (const row of rows) {
    const key = keyOf(row, by);
    if (!groups.has(key)) groups.set(key, { key, label: labelOf(by, row), rows: [] });
    groups.get(key).rows.push(row);
  }
  const order = { stage: words.stages.map(([code]) => code), light: LIGHTS }[by];
  const way = order ? (a, b) => order.indexOf(a.key) - order.indexOf(b.key) : (a, b) => a.label.localeCompare(b.label, "zh");
  return [...groups.values()].sort(way);
};

const sum = (rows, of) => rows.reduce((all, row) => all + of(row), 0);

export const counts = (rows) => {
  const plan = sum(rows, (row) => row.project.plan);
  const done = sum(rows, (row) => row.done);
  const planned = sum(rows, (row) => row.planned);
  return {
    n: rows.length,
    lights: Object.fromEntries(LIGHTS.map((light) => [light, rows.filter((row) => row.light === light).length])),
    batches: Object.fromEntries(words.batches.map(([code]) => [code, rows.filter((row) => batchOf(row) === code).length])),
    plan, done, planned, share: share(done, plan), due: share(planned, plan),
  };
};

// Plan and work of the selected projects, month by month; nobody has said anything after `through`.
export const months = (rows) => {
  const plan = sum(rows, (row) => row.project.plan);
  return words.months.map((name, n) => {
    const planned = sum(rows, (row) => row.project.planned[n]);
    const done = n < year.through ? sum(rows, (row) => row.project.done[n]) : null;
    return { name, planned, done, due: share(planned, plan), share: done === null ? null : share(done, plan) };
  });
};
