// Rates as grouped bars; colours are the theme's, patterns make them tell apart without colour.
const box = document.getElementById("rates");
if (box && window.echarts) {
  const data = JSON.parse(document.getElementById(box.dataset.chart).textContent);
  const token = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  const most = box.clientWidth < 600 ? 6 : 20; // the table has them all
  const draw = () => {
    const chart = echarts.getInstanceByDom(box) || echarts.init(box, null, { renderer: "canvas" });
    const line = { lineStyle: { color: token("--line") } };
    const label = { color: token("--muted") };
    chart.setOption({
      aria: { enabled: true, decal: { show: true } },
      color: ["--water", "--jade", "--amber", "--indigo", "--deep"].map(token),
      textStyle: { fontFamily: getComputedStyle(document.body).fontFamily, color: token("--ink") },
      grid: { left: 48, right: 16, top: 40, bottom: 72 },
      legend: { top: 0, textStyle: { color: token("--ink") } },
      tooltip: { trigger: "axis", valueFormatter: (value) => (value == null ? "—" : `${value}%`), backgroundColor: token("--surface"), borderColor: token("--line"), textStyle: { color: token("--ink") } },
      xAxis: { type: "category", data: data.names.slice(0, most), axisLabel: { ...label, interval: 0, rotate: data.names.length > 6 ? 30 : 0, width: 88, overflow: "truncate" }, axisLine: line },
      yAxis: { type: "value", max: 100, axisLabel: { ...label, formatter: "{value}%" }, splitLine: line },
      series: data.series.map((one) => ({ type: "bar", name: one.name, data: one.values.slice(0, most), barMaxWidth: 16 })),
    });
  };
  draw();
  new ResizeObserver(() => echarts.getInstanceByDom(box).resize()).observe(box);
  new MutationObserver(draw).observe(document.documentElement, { attributes: true, attributeFilter: ["data-bs-theme"] });
}
