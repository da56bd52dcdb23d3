// The cross table as bars; colours are the theme's, patterns make them tell apart without colour.
import { palette, onThemeChange } from "../pages/palette.js";

let chart = null;

function draw() {
  const box = document.getElementById("cross");
  if (!box || !window.echarts) return;
  const data = JSON.parse(document.getElementById("cross-data").textContent);
  const colours = palette();
  if (chart && chart.getDom() !== box) chart.dispose();
  chart = echarts.getInstanceByDom(box) || echarts.init(box, null, { renderer: "canvas" });
  const label = { color: colours.muted };
  const line = { lineStyle: { color: colours.line } };
  chart.setOption({
    aria: { enabled: true, decal: { show: data.series.length > 1 } },
    color: [colours.water, colours.jade, colours.amber, colours.indigo, colours.cinnabar, colours.muted],
    textStyle: { fontFamily: getComputedStyle(document.body).fontFamily, color: colours.ink },
    grid: { left: 56, right: 16, top: data.series.length > 1 ? 40 : 16, bottom: 64 },
    legend: { show: data.series.length > 1, top: 0, type: "scroll", textStyle: { color: colours.ink } },
    tooltip: { trigger: "axis", backgroundColor: colours.surface, borderColor: colours.line, textStyle: { color: colours.ink } },
    xAxis: { type: "category", data: data.names, axisLine: line, axisLabel: { ...label, interval: 0, rotate: data.names.length > 6 ? 30 : 0, width: 96, overflow: "truncate" } },
    yAxis: { type: "value", axisLabel: label, splitLine: line },
    series: data.series.map((one) => ({ type: "bar", name: one.name, data: one.values, stack: data.series.length > 1 ? "all" : undefined, barMaxWidth: 40 })),
  }, true);
}

draw();
onThemeChange(draw);
window.addEventListener("resize", () => chart && chart.resize());
document.addEventListener("htmx:afterSettle", draw);
