// Points by contest as stacked bars, and a rank over time; the tables beside them say the same.
import { onThemeChange, palette } from "../pages/palette.js";

const ROW = 30;
const look = (colours) => ({
  aria: { enabled: true, decal: { show: true } },
  textStyle: { fontFamily: getComputedStyle(document.body).fontFamily, color: colours.ink },
  tooltip: { trigger: "axis", axisPointer: { type: "shadow" }, confine: true, backgroundColor: colours.surface, borderColor: colours.line, textStyle: { color: colours.ink } },
});

function bars(box, data) {
  const colours = palette();
  const chart = echarts.getInstanceByDom(box) || echarts.init(box);
  const line = { lineStyle: { color: colours.line } };
  const width = box.clientWidth < 600 ? 92 : 176;
  const shades = [colours.water, colours.jade, colours.indigo, colours.muted];
  chart.setOption({
    ...look(colours),
    grid: { left: width + 12, right: 64, top: 40, bottom: 28 },
    legend: { top: 0, type: "scroll", textStyle: { color: colours.ink }, pageIconColor: colours.ink, pageTextStyle: { color: colours.ink } },
    yAxis: { type: "category", inverse: true, data: data.names, axisLabel: { color: colours.ink, interval: 0, width, overflow: "truncate" }, axisLine: line, axisTick: { show: false } },
    xAxis: { type: "value", min: 0, axisLabel: { color: colours.muted }, splitLine: line },
    series: data.series.map((one, n) => ({
      type: "bar", stack: "points", name: one.name, data: one.data.map(Number), barMaxWidth: 18,
      itemStyle: { color: shades[n % shades.length], opacity: n < shades.length ? 1 : 0.6 },
      label: n === data.series.length - 1 ? { show: true, position: "right", color: colours.ink, formatter: (at) => data.scores[at.dataIndex] } : { show: false },
    })),
  });
}

function trend(box, data) {
  const colours = palette();
  const chart = echarts.getInstanceByDom(box) || echarts.init(box);
  const line = { lineStyle: { color: colours.line } };
  chart.setOption({
    ...look(colours),
    grid: { left: 32, right: 16, top: 16, bottom: 28 },
    xAxis: { type: "category", data: data.periods, axisLabel: { color: colours.muted }, axisLine: line },
    yAxis: { type: "value", inverse: true, min: 1, max: Math.max(2, data.of), minInterval: 1, axisLabel: { color: colours.muted }, splitLine: line },
    series: [{ type: "line", data: data.ranks, symbolSize: 8, lineStyle: { color: colours.water, width: 2 }, itemStyle: { color: colours.water }, label: { show: true, color: colours.ink } }],
  });
}

for (const [id, draw] of [["bars", bars], ["trend", trend]]) {
  const box = document.getElementById(id);
  if (!box || !window.echarts) continue;
  const data = JSON.parse(document.getElementById(box.dataset.chart).textContent);
  if (id === "bars") box.style.height = `${data.names.length * ROW + 80}px`;
  draw(box, data);
  new ResizeObserver(() => { echarts.getInstanceByDom(box).resize(); draw(box, data); }).observe(box);
  onThemeChange(() => draw(box, data));
}
