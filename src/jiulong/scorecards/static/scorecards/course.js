// A year's values, last year's and what is expected; the table below has the figures.
const box = document.getElementById("course");
if (box && window.echarts) {
  const data = JSON.parse(document.getElementById(box.dataset.chart).textContent);
  const token = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  const series = (key, color, more = {}) => ({
    type: "line", name: data.words[key], data: data[key], connectNulls: false, symbolSize: 6, color: token(color), ...more,
  });
  const draw = () => {
    const chart = echarts.getInstanceByDom(box) || echarts.init(box, null, { renderer: "canvas" });
    const line = { lineStyle: { color: token("--line") } };
    const shown = ["value", "expected", "last"].filter((key) => data[key].some((value) => value !== null));
    const looks = { value: ["--water", { lineStyle: { width: 2.5 } }], expected: ["--muted", { lineStyle: { type: "dashed", width: 1.5 }, symbol: "none" }], last: ["--indigo", { lineStyle: { width: 1.5 }, symbol: "rect" }] };
    chart.setOption({
      aria: { enabled: true },
      textStyle: { fontFamily: getComputedStyle(document.body).fontFamily, color: token("--ink") },
      grid: { left: 56, right: 24, top: 40, bottom: 32 },
      legend: { top: 0, textStyle: { color: token("--ink") } },
      tooltip: { trigger: "axis", confine: true, valueFormatter: (value) => (value === null || value === undefined ? "—" : `${value} ${data.unit}`), backgroundColor: token("--surface"), borderColor: token("--line"), textStyle: { color: token("--ink") } },
      xAxis: { type: "category", data: data.labels, axisLabel: { color: token("--ink") }, axisLine: line },
      yAxis: { type: "value", scale: true, axisLabel: { color: token("--muted") }, splitLine: line },
      series: shown.map((key) => series(key, ...looks[key])),
    }, true);
  };
  draw();
  new ResizeObserver(() => echarts.getInstanceByDom(box).resize()).observe(box);
  new MutationObserver(draw).observe(document.documentElement, { attributes: true, attributeFilter: ["data-bs-theme"] });
}
