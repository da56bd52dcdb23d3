// The year's money of the selection: plan against work, with its table.
import { onThemeChange, palette } from "../../pages/palette.js";
import { months, percent, words, yi } from "./data.js";
import { text } from "./html.js";

const YI = 1_000_000;
let library = null;

// A megabyte that only this view needs.
const load = (address) => {
  library ??= new Promise((resolve, reject) => {
    const script = document.createElement("script");
    script.src = address;
    script.onload = resolve;
    script.onerror = reject;
    document.head.append(script);
  });
  return library;
};

const options = (rows, month, size) => {
  const colours = palette();
  const told = months(rows);
  const line = { lineStyle: { color: colours.line } };
  const label = { color: colours.muted, fontSize: size };
  const inYi = (value) => (value === null ? null : Math.round(value / 10_000) / 100);
  return {
    aria: { enabled: true },
    animationDuration: 400,
    textStyle: { fontFamily: getComputedStyle(document.body).fontFamily, color: colours.ink, fontSize: size },
    grid: { left: size * 4.6, right: size * 2.5, top: size * 3.4, bottom: size * 2.4 },
    legend: { top: 0, left: size * 4.6, itemWidth: size * 2, textStyle: { color: colours.ink, fontSize: size } },
    tooltip: { trigger: "axis", confine: true, backgroundColor: colours.surface, borderColor: colours.line, textStyle: { color: colours.ink } },
    xAxis: { type: "category", boundaryGap: false, data: told.map((one) => one.name), axisLine: line, axisTick: { show: false }, axisLabel: label },
    yAxis: { type: "value", name: words.yi, nameTextStyle: { ...label, align: "right" }, axisLabel: label, splitLine: line },
    series: [
      { name: words.planned, type: "line", data: told.map((one) => inYi(one.planned)), symbol: "none", lineStyle: { type: "dashed", width: size / 7, color: colours.muted }, itemStyle: { color: colours.muted } },
      { name: words.done, type: "line", data: told.map((one, n) => (n < month ? inYi(one.done) : null)), symbol: "circle", symbolSize: size / 2, lineStyle: { width: size / 4, color: colours.water }, itemStyle: { color: colours.water }, areaStyle: { color: colours.water, opacity: 0.12 },
        markLine: { silent: true, symbol: "none", label: { formatter: words.months[month - 1], color: colours.ink, fontSize: size }, lineStyle: { color: colours.ink, type: "solid", opacity: 0.4 }, data: [{ xAxis: month - 1 }] } },
    ],
  };
};

export async function curve(box, rows, month, address, size = 13) {
  await load(address);
  let chart = echarts.getInstanceByDom(box);
  if (!chart) {
    chart = echarts.init(box, null, { renderer: "canvas" });
    new ResizeObserver(() => chart.resize()).observe(box);
    onThemeChange(() => chart.setOption(box.latest()));
  }
  box.latest = () => options(rows, month, size);
  chart.setOption(box.latest());
}

export function curveTable(box, rows, month) {
  const heads = [words.month, words.planned, words.done, words.gap, words.expected, words.share];
  const cells = months(rows).map((one, n) => {
    const told = one.done !== null && n < month;
    const gap = told ? one.done - one.planned : 0;
    return `<tr${n + 1 === month ? ' class="is-now"' : ""}><th scope="row">${text(one.name)}</th><td class="numeric">${yi(one.planned)}</td><td class="numeric">${told ? yi(one.done) : "—"}</td><td class="numeric${gap < 0 ? " near" : ""}">${told ? `${gap > 0 ? "+" : ""}${yi(gap)}` : "—"}</td><td class="numeric">${percent(one.due)}</td><td class="numeric">${told ? percent(one.share) : "—"}</td></tr>`;
  });
  box.innerHTML = `<table class="grid-table plain"><caption>${text(words.cumulative)}</caption><thead><tr>${heads.map((one, n) => `<th scope="col"${n ? ' class="numeric"' : ""}>${text(one)}</th>`).join("")}</tr></thead><tbody>${cells.join("")}</tbody></table>`;
}
