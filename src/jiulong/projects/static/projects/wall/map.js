// The map: one canvas for all projects, the light as shape and colour, the investment as size.
import { base, chart, fit, json, keepNamesApart } from "../../pages/district.js";
import { onThemeChange, palette } from "../../pages/palette.js";
import { LIGHTS, late, lightWord, percent, tone, words, year } from "./data.js";
import { text } from "./html.js";

const SMALLEST = 5;
const LARGEST = 15;
// So much investment has the largest mark, in 百元: 50 亿元. The area follows the money.
const MOST = 50_000_000;
const HALO = 1.5;
const TAU = Math.PI * 2;

export const radius = (total) => Math.max(SMALLEST, Math.min(LARGEST, LARGEST * Math.sqrt(total / MOST)));

// Shapes of the same area, so that only money makes a mark larger.
const PATHS = {
  met: (ctx, x, y, r) => ctx.arc(x, y, r, 0, TAU),
  none: (ctx, x, y, r) => ctx.arc(x, y, r, 0, TAU),
  over: (ctx, x, y, r) => { const h = r * 0.9; ctx.rect(x - h, y - h, 2 * h, 2 * h); },
  near: (ctx, x, y, r) => {
    const h = r * 1.55;
    ctx.moveTo(x, y - h);
    ctx.lineTo(x + h * 0.866, y + h / 2);
    ctx.lineTo(x - h * 0.866, y + h / 2);
    ctx.closePath();
  },
};

const TONES = { met: "jade", near: "amber", over: "cinnabar", none: "muted" };

function makeMark(look) {
  return L.CircleMarker.extend({
    _updatePath() {
      const renderer = this._renderer;
      if (!renderer._drawing || this._empty()) return;
      const { _ctx: ctx } = renderer;
      const { x, y } = this._point;
      const { colours, scale } = look;
      const name = tone(this.row.light);
      const r = this._radius;
      if (this.chosen) {
        ctx.beginPath();
        ctx.arc(x, y, r * 1.6 + 4, 0, TAU);
        ctx.strokeStyle = colours.ink;
        ctx.lineWidth = 2.5 * scale;
        ctx.stroke();
      }
      ctx.beginPath();
      PATHS[name](ctx, x, y, r);
      ctx.fillStyle = name === "none" ? colours.surface : colours[TONES[name]];
      ctx.globalAlpha = this.chosen ? 1 : 0.9;
      ctx.fill();
      ctx.globalAlpha = 1;
      ctx.lineWidth = HALO * scale;
      ctx.strokeStyle = name === "none" ? colours.muted : colours.surface;
      ctx.stroke();
    },
    // What is redrawn when it changes reaches as far as the ring around a chosen mark.
    _updateBounds() {
      const reach = this._radius * 1.6 + 8;
      this._pxBounds = L.bounds(this._point.subtract([reach, reach]), this._point.add([reach, reach]));
    },
  });
}

const told = (row) => `<strong>${text(row.project.name)}</strong><br>${text(lightWord(row.light))} · ${text(words.stages[row.stage][1])} · ${text(year.zones[row.project.zone])}<br>${text(words.share)} ${percent(row.share)} / ${percent(row.due)}${row.behind > 0 ? ` · ${text(late(row.behind))}` : ""}`;

export async function projectMap(box, { scale = 1, open, point, quiet = false } = {}) {
  const features = await json(document.getElementById("pw").dataset.base);
  const map = chart(box, quiet ? { zoomControl: false, dragging: false, scrollWheelZoom: false, keyboard: false, boxZoom: false, doubleClickZoom: false } : {});
  map.createPane("names").style.zIndex = 420;
  map.createPane("projects").style.zIndex = 450;
  base(features, { river: 14 * scale, names: { pane: "names" } }).addTo(map);
  fit(map, features);
  keepNamesApart(map);

  const look = { colours: palette(), scale };
  const renderer = L.canvas({ pane: "projects", padding: 0.4, tolerance: 3 });
  const Mark = makeMark(look);
  const group = L.layerGroup().addTo(map);
  const marks = new Map();
  for (const project of year.projects) {
    if (!project.at) continue;
    const mark = new Mark([project.at[1], project.at[0]], { renderer, radius: radius(project.total) * scale, bubblingMouseEvents: false });
    if (!quiet) {
      mark.bindTooltip(() => told(mark.row), { direction: "top", offset: [0, -8] });
      mark.on("click", () => open(project.id));
      mark.on("mouseover", () => point(project.id));
      mark.on("mouseout", () => point(null));
    }
    marks.set(project.id, mark);
  }

  let chosen = null;
  const show = (rows, id) => {
    chosen = id;
    group.clearLayers();
    // What is wrong lies on top; a small mark lies on a large one.
    const drawn = rows.filter((row) => marks.has(row.project.id)).sort((a, b) =>
      LIGHTS.indexOf(b.light) - LIGHTS.indexOf(a.light) || b.project.total - a.project.total);
    for (const row of drawn) {
      const mark = marks.get(row.project.id);
      mark.row = row;
      mark.chosen = row.project.id === chosen;
      group.addLayer(mark);
    }
    if (marks.get(chosen)?.row) marks.get(chosen).bringToFront();
    return rows.length - drawn.length;
  };
  const ring = (id) => {
    const before = marks.get(chosen);
    chosen = id;
    for (const mark of [before, marks.get(id)]) {
      if (!mark || !group.hasLayer(mark)) continue;
      mark.chosen = mark === marks.get(id);
      if (mark.chosen) mark.bringToFront();
      mark.redraw();
    }
  };
  const bring = (id) => {
    const mark = marks.get(id);
    if (mark && !map.getBounds().pad(-0.05).contains(mark.getLatLng())) map.panTo(mark.getLatLng());
  };
  onThemeChange(() => {
    look.colours = palette();
    group.eachLayer((mark) => mark.redraw());
  });
  let last = box.clientWidth;
  new ResizeObserver(() => {
    map.invalidateSize({ animate: false });
    // A map that was hidden has had no size to fit into.
    if (!last && box.clientWidth) fit(map, features);
    last = box.clientWidth;
  }).observe(box);
  return { map, show, ring, bring };
}
