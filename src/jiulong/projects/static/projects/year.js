// Plan and word as two lines over the year; the table beneath has the same figures.
const box = document.getElementById("year-chart");
if (box && window.echarts) {
  const data = JSON.parse(document.getElementById(box.dataset.chart).textContent);
  const token = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  const draw = () => {
    const chart = echarts.getInstanceByDom(box) || echarts.init(box, null, { renderer: "canvas" });
    const line = { lineStyle: { color: token("--line") } };
    const [planned, done] = data.names;
    chart.setOption({
      aria: { enabled: true },
      color: [token("--muted"), token("--water")],
      textStyle: { fontFamily: getComputedStyle(document.body).fontFamily, color: token("--ink") },
      grid: { left: 64, right: 16, top: 32, bottom: 24 },
      legend: { top: 0, right: 0, textStyle: { color: token("--ink") } },
      tooltip: { trigger: "axis", confine: true, backgroundColor: token("--surface"), borderColor: token("--line"), textStyle: { color: token("--ink") },
        valueFormatter: (value) => (value == null ? "—" : `${value.toLocaleString()} ${data.unit}`) },
      xAxis: { type: "category", data: data.months, axisLabel: { color: token("--muted") }, axisLine: line, axisTick: { show: false } },
      yAxis: { type: "value", min: 0, axisLabel: { color: token("--muted") }, splitLine: line },
      series: [
        { type: "line", name: planned, data: data.planned, symbol: "none", lineStyle: { type: "dashed", width: 2 } },
        { type: "line", name: done, data: data.done, symbol: "circle", symbolSize: 6, lineStyle: { width: 3 }, areaStyle: { opacity: 0.12 }, connectNulls: false },
      ],
    });
  };
  draw();
  new ResizeObserver(() => { echarts.getInstanceByDom(box).resize(); draw(); }).observe(box);
  new MutationObserver(draw).observe(document.documentElement, { attributes: true, attributeFilter: ["data-bs-theme"] });
}
