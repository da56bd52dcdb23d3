// Bars from the JSON that a page brings along: rates lie, from top to bottom ({name, bars: [[name,
// value]]}, in per cent); a cross table stands, its series stacked ({names, series}). The colours are
// the theme's, patterns tell series apart without colour; the table beside has the same figures.
import { onThemeChange, palette } from "./palette.js";

const ROW = 28;
const NARROW = 600;

function lying(box, { name, bars }, colours) {
  const narrow = box.clientWidth < NARROW;
  const width = narrow ? 124 : 176;
  return {
    grid: { left: width + 12, right: 56, top: 8, bottom: 28 },
    legend: { show: false },
    tooltip: { trigger: "axis", axisPointer: { type: "shadow" }, valueFormatter: (value) => `${value}%`, confine: true },
    yAxis: { type: "category", inverse: true, data: bars.map(([one]) => one), axisLabel: { color: colours.ink, interval: 0, width, overflow: "truncate" }, axisTick: { show: false } },
    xAxis: { type: "value", min: 0, max: 100, splitNumber: narrow ? 2 : 5, axisLabel: { color: colours.muted, formatter: "{value}%" } },
    series: [{ type: "bar", name, data: bars.map(([, value]) => value), barMaxWidth: 16, label: { show: true, position: "right", color: colours.ink, formatter: "{c}%" } }],
  };
}

function standing(_box, { names, series }, colours) {
  const several = series.length > 1;
  return {
    grid: { left: 56, right: 16, top: several ? 40 : 16, bottom: 64 },
    legend: { show: several, top: 0, type: "scroll", textStyle: { color: colours.ink } },
    tooltip: { trigger: "axis", confine: true },
    xAxis: { type: "category", data: names, axisLabel: { color: colours.muted, interval: 0, rotate: names.length > 6 ? 30 : 0, width: 96, overflow: "truncate" } },
    yAxis: { type: "value", axisLabel: { color: colours.muted } },
    series: series.map((one) => ({ type: "bar", name: one.name, data: one.values, stack: several ? "all" : undefined, barMaxWidth: 40 })),
  };
}

function draw(box) {
  const data = JSON.parse(document.getElementById(box.dataset.bars).textContent);
  const colours = palette();
  const line = { lineStyle: { color: colours.line } };
  if (data.bars) box.style.height = `${data.bars.length * ROW + 40}px`; // a bar never shares its line with another
  const option = (data.bars ? lying : standing)(box, data, colours);
  for (const axis of [option.xAxis, option.yAxis]) Object.assign(axis, axis.type === "value" ? { splitLine: line } : { axisLine: line });
  Object.assign(option.tooltip, { backgroundColor: colours.surface, borderColor: colours.line, textStyle: { color: colours.ink } });
  const chart = echarts.getInstanceByDom(box) || echarts.init(box, null, { renderer: "canvas" });
  chart.setOption({
    aria: { enabled: true, decal: { show: option.series.length > 1 } },
    color: ["water", "jade", "amber", "indigo", "cinnabar", "muted"].map((name) => colours[name]),
    textStyle: { fontFamily: getComputedStyle(document.body).fontFamily, color: colours.ink },
    ...option,
  }, true);
}

const known = new WeakSet();
function all() {
  if (!window.echarts) return;
  for (const box of document.querySelectorAll("[data-bars]")) {
    draw(box);
    if (known.has(box)) continue;
    known.add(box);
    new ResizeObserver(() => { echarts.getInstanceByDom(box)?.resize(); draw(box); }).observe(box);
  }
}

all();
onThemeChange(all);
document.addEventListener("htmx:afterSettle", all);
