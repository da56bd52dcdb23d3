// One rate as horizontal bars, from top to bottom; the table below has all of them.
const box = document.getElementById("rates");
if (box && window.echarts) {
  const data = JSON.parse(document.getElementById(box.dataset.chart).textContent);
  const token = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  const ROW = 28;
  const names = () => (box.clientWidth < 600 ? 124 : 176);
  box.style.height = `${data.bars.length * ROW + 40}px`; // a bar never shares its line with another
  const draw = () => {
    const chart = echarts.getInstanceByDom(box) || echarts.init(box, null, { renderer: "canvas" });
    const line = { lineStyle: { color: token("--line") } };
    const width = names();
    chart.setOption({
      aria: { enabled: true },
      color: [token("--water")],
      textStyle: { fontFamily: getComputedStyle(document.body).fontFamily, color: token("--ink") },
      grid: { left: width + 12, right: 56, top: 8, bottom: 28 },
      legend: { show: false },
      tooltip: { trigger: "axis", axisPointer: { type: "shadow" }, valueFormatter: (value) => `${value}%`, confine: true, backgroundColor: token("--surface"), borderColor: token("--line"), textStyle: { color: token("--ink") } },
      yAxis: { type: "category", inverse: true, data: data.bars.map(([name]) => name), axisLabel: { color: token("--ink"), interval: 0, width, overflow: "truncate" }, axisLine: line, axisTick: { show: false } },
      xAxis: { type: "value", min: 0, max: 100, splitNumber: box.clientWidth < 600 ? 2 : 5, axisLabel: { color: token("--muted"), formatter: "{value}%" }, splitLine: line },
      series: [{ type: "bar", name: data.name, data: data.bars.map(([, value]) => value), barMaxWidth: 16, label: { show: true, position: "right", color: token("--ink"), formatter: "{c}%" } }],
    });
  };
  draw();
  new ResizeObserver(() => { echarts.getInstanceByDom(box).resize(); draw(); }).observe(box);
  new MutationObserver(draw).observe(document.documentElement, { attributes: true, attributeFilter: ["data-bs-theme"] });
}
