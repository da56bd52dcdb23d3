// The course of a factor: value line in water, limits dashed cinnabar, flow as a pale area on its own
// axis, unusable spans hatched with their mark, findings as ■ ▲ flags. Zooming asks for finer data.
import { palette, onThemeChange } from "../pages/palette.js";

const box = document.getElementById("chart");
const words = document.getElementById("chart-words").dataset;
const status = document.getElementById("chart-status");
const asked = {
  factor: box.dataset.factor,
  period: box.dataset.period,
  start: new Date(box.dataset.start),
  end: new Date(box.dataset.end),
};
const whole = { start: asked.start, end: asked.end };
const PH = "w01001";
const LETTER_PX = 14; // a narrower span has no room for its letter beside its neighbour's
const SYMBOL = { serious: "rect", warning: "triangle", information: "diamond" };
const PERIODS = { realtime: words.realtime, minute: words.minute, hour: words.hourly, day: words.daily };
const chart = echarts.init(box, null, { renderer: "canvas", locale: box.dataset.language.startsWith("zh") ? "ZH" : "EN" });
let course = null;
let flow = null;
let refetch = null;

const address = (factor) => {
  const query = new URLSearchParams({
    factor, from: asked.start.toISOString(), to: asked.end.toISOString(),
  });
  if (asked.period) query.set("period", asked.period);
  return `${box.dataset.source}?${query}`;
};

const fetchSeries = async (factor) => {
  const response = await fetch(address(factor), { headers: { Accept: "application/json" } });
  if (!response.ok) throw new Error(`${response.status}`);
  return response.json();
};

async function load() {
  chart.showLoading({ text: "", maskColor: "transparent", color: palette().water });
  try {
    [course, flow] = await Promise.all([
      fetchSeries(asked.factor),
      box.dataset.flow ? fetchSeries(box.dataset.flow) : null,
    ]);
    draw();
  } catch (error) {
    status.textContent = words.failed;
    box.dataset.stale = "yes";
  } finally {
    chart.hideLoading();
  }
}

const figure = (value) =>
  value === null ? "—" : Number(value.toPrecision(6)).toLocaleString(box.dataset.language);

// A daily limit over hours misleads: show the limit of the statistic that is drawn, else what there is.
const STATISTIC = { realtime: ["instant", "hour", "day"], minute: ["hour", "day"], hour: ["hour", "day"], day: ["day", "hour"] };
function limitsShown() {
  const order = STATISTIC[course.period] || [];
  const wanted = order.find((name) => course.limits.some((limit) => limit.statistic === name));
  return course.limits.filter((limit) => limit.statistic === wanted);
}

function limitLines(colours) {
  const day = (text, shift) => Date.parse(`${text}T00:00:00+08:00`) + shift;
  return limitsShown().flatMap((limit) => {
    const from = Math.max(course.start, day(limit.from, 0));
    const to = Math.min(course.end, limit.to ? day(limit.to, 86400000) : Infinity);
    return [limit.max, limit.min].filter((edge) => edge !== null).map((edge) => [
      { coord: [from, edge], lineStyle: { color: colours.cinnabar, type: "dashed", width: 1.5 },
        label: { show: true, position: "insideStartTop", color: colours.cinnabar, fontSize: 12,
          formatter: `${words[limit.statistic]} ${words.limit} ${figure(edge)}` } },
      { coord: [to, edge] },
    ]);
  });
}

// Bands take no decal in ECharts, but a pattern: diagonal lines that join from tile to tile.
function hatching(colours) {
  const image = document.createElement("canvas");
  image.width = image.height = 8;
  const pen = image.getContext("2d");
  pen.fillStyle = colours.line;
  pen.fillRect(0, 0, 8, 8);
  pen.strokeStyle = colours.muted;
  pen.beginPath();
  for (const shift of [-8, 0, 8]) {
    pen.moveTo(shift - 1, 9);
    pen.lineTo(shift + 9, -1);
  }
  pen.stroke();
  return { image, repeat: "repeat" };
}

// What other apps lay over the course: marks as bands, checks as ticks at the foot, samples as bottles.
const TONES = { met: "jade", near: "amber", over: "cinnabar", told: "indigo", none: "muted" };
const BOTTLE = "path://M6 1h4v3l2.5 4v6.5a1 1 0 0 1-1 1h-7a1 1 0 0 1-1-1V8L6 4z";
const TICK = "path://M7 0h2v16H7z";
const laid = (shape) => (course.overlays || []).filter((one) => one.shape === shape);

function overlayBands(colours) {
  const perPixel = (course.end - course.start) / Math.max(box.clientWidth, 1);
  return laid("band").map((one) => {
    const from = Math.max(one.start, course.start);
    const to = Math.min(one.end ?? course.end, course.end);
    const colour = colours[TONES[one.tone]];
    return [
      { xAxis: from, name: one.words, itemStyle: { color: colour, opacity: 0.13 },
        label: { show: to - from > LETTER_PX * perPixel, position: "insideBottom", color: colours.ink, fontWeight: 600, formatter: one.letter } },
      { xAxis: Math.max(to, from + (course.end - course.start) / 400) },
    ];
  });
}

function overlayMarks(colours) {
  const row = (shape, symbol, size, height) => laid(shape).map((one) => ({
    value: [one.start, height], symbol, symbolSize: size, address: one.address, words: one.words,
    itemStyle: { color: colours[TONES[one.tone]], borderColor: colours.surface, borderWidth: shape === "bottle" ? 1 : 0 },
  }));
  return [...row("tick", TICK, [4, 14], 0.02), ...row("bottle", BOTTLE, [14, 18], 0.94)];
}

function markBands(colours) {
  const hatch = hatching(colours);
  const perPixel = (course.end - course.start) / Math.max(box.clientWidth, 1);
  return course.marks.map(([from, to, mark]) => [
    { xAxis: from, itemStyle: { color: hatch, opacity: 0.6 },
      label: { show: to - from > LETTER_PX * perPixel, position: "insideTop", color: colours.ink, fontWeight: 600, formatter: mark }, name: course.mark_names[mark] || mark },
    { xAxis: Math.max(to, from + (course.end - course.start) / 400) },
  ]);
}

// A finding about a value stands at the highest drawn value of its time; one about silence, at the foot.
function flags(colours) {
  return course.findings.map((finding) => {
    const end = finding.end ?? course.end;
    const inside = course.points.filter(([at, value]) => value !== null && at >= finding.start && at <= end);
    const top = inside.reduce((best, point) => (best === null || point[1] > best[1] ? point : best), null);
    const foot = [Math.max(finding.start, course.start), course.factor.code === PH ? course.summary.min : 0];
    return {
      value: finding.value === null ? foot : top ?? foot,
      finding: finding.id,
      symbol: SYMBOL[finding.severity],
      itemStyle: { color: { serious: colours.cinnabar, warning: colours.amber, information: colours.indigo }[finding.severity], borderColor: colours.surface, borderWidth: 1 },
    };
  });
}

function axes(colours) {
  const axisLabel = { color: colours.muted, fontSize: 12, hideOverlap: true };
  const value = (name, right) => ({
    type: "value", name, position: right ? "right" : "left", nameTextStyle: { color: colours.muted, align: right ? "right" : "left" },
    axisLabel: { ...axisLabel, showMaxLabel: false }, splitLine: { show: !right, lineStyle: { color: colours.line } }, scale: !right && course.factor.code === PH,
    max: right ? (range) => range.max * 2.5 : (range) => Math.max(range.max, ...limitsShown().map((limit) => limit.max ?? 0)) * 1.08,
  });
  const unit = course.factor.unit;
  return {
    xAxis: { type: "time", min: course.start, max: course.end, axisLabel, axisLine: { lineStyle: { color: colours.line } }, axisTick: { show: false } },
    yAxis: [value(unit), ...(flow ? [value(`${words.flow} ${flow.factor.unit}`, true)] : []), { type: "value", min: 0, max: 1, show: false }],
  };
}

function series(colours) {
  const name = box.dataset.language.startsWith("zh") ? course.factor.name : course.factor.name_en;
  const line = {
    name, type: "line", data: course.points, showSymbol: course.points.length < 60, symbolSize: 5, connectNulls: false, z: 3, animation: false,
    lineStyle: { color: colours.water, width: 1.75 }, itemStyle: { color: colours.water },
    markLine: { silent: true, symbol: "none", animation: false, data: limitLines(colours) },
    markArea: { silent: false, animation: false, data: [...markBands(colours), ...overlayBands(colours)] },
  };
  const found = { name: words.finding, type: "scatter", data: flags(colours), symbolSize: 12, z: 5, cursor: "pointer", animation: false };
  // On an axis of its own from 0 to 1, so that ticks stand at the foot and bottles at the top whatever is measured.
  const beside = { name: "", type: "scatter", yAxisIndex: flow ? 2 : 1, data: overlayMarks(colours), z: 6, cursor: "pointer", animation: false,
    tooltip: { trigger: "item", formatter: (item) => item.data.words } };
  if (!flow) return [line, found, beside];
  const pale = {
    name: words.flow, type: "line", yAxisIndex: 1, data: flow.points, showSymbol: false, z: 1, animation: false, step: course.period === "hour" ? "start" : false,
    lineStyle: { width: 0 }, areaStyle: { color: colours.water, opacity: 0.14 }, itemStyle: { color: colours.water, opacity: 0.3 },
  };
  return [pale, line, found, beside];
}

function tip(colours) {
  const time = new Intl.DateTimeFormat(box.dataset.language, { timeZone: "Asia/Shanghai", month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit", hour12: false });
  return {
    trigger: "axis", backgroundColor: colours.surface, borderColor: colours.line, textStyle: { color: colours.ink, fontSize: 13 }, renderMode: "richText",
    axisPointer: { lineStyle: { color: colours.muted } },
    formatter: (items) => [time.format(items[0].axisValue), ...items.filter((item) => item.seriesType === "line").map((item) => {
      const source = item.seriesName === words.flow && flow ? flow : course;
      return `${item.seriesName}  ${figure(item.value[1])} ${source.factor.unit}`;
    })].join("\n"),
  };
}

function draw() {
  const colours = palette();
  const empty = !course.points.length;
  chart.setOption({
    aria: { enabled: true }, useUTC: false, textStyle: { fontFamily: getComputedStyle(document.body).fontFamily },
    grid: { left: 52, right: flow ? 48 : 16, top: 36, bottom: 64, outerBoundsMode: "none" },
    ...axes(colours), series: series(colours), tooltip: tip(colours),
    graphic: empty ? [{ type: "text", left: "center", top: "middle", style: { text: words.empty, fill: colours.muted, fontSize: 14 } }] : [],
    dataZoom: [
      { type: "inside", filterMode: "none", zoomOnMouseWheel: "ctrl", moveOnMouseWheel: false },
      { type: "slider", height: 20, bottom: 8, filterMode: "none", brushSelect: true, borderColor: colours.line, fillerColor: "transparent", handleStyle: { color: colours.water }, moveHandleStyle: { color: colours.line }, textStyle: { color: colours.muted },
        dataBackground: { lineStyle: { color: colours.line }, areaStyle: { opacity: 0 } }, selectedDataBackground: { lineStyle: { color: colours.water, opacity: 0.5 }, areaStyle: { opacity: 0 } }, start: 0, end: 100 },
    ],
  }, { notMerge: true });
  tell();
}

function tell() {
  const { summary, period } = course;
  const parts = [PERIODS[period]];
  if (summary.count) parts.push(`${summary.count.toLocaleString()} ${words.points}`, `${words.min} ${figure(summary.min)}`, `${words.mean} ${figure(summary.mean)}`, `${words.max} ${figure(summary.max)}`);
  else parts.push(words.empty);
  status.textContent = parts.join(" · ");
  status.classList.remove("visually-hidden");
}

chart.on("click", (event) => {
  if (event.data && event.data.address) location.href = event.data.address;
  else if (event.data && event.data.finding) location.href = box.dataset.finding.replace("0", event.data.finding);
});
chart.on("datazoom", () => {
  clearTimeout(refetch);
  refetch = setTimeout(finer, 400);
});
chart.getZr().on("dblclick", () => {
  Object.assign(asked, whole);
  load();
});

// After a zoom to less than half, ask for that stretch alone: more detail than the thinned line holds.
function finer() {
  const [zoom] = chart.getOption().dataZoom;
  const length = asked.end - asked.start;
  if ((zoom.end - zoom.start) / 100 > 0.5 || length < 1200000) return;
  const from = asked.start.getTime();
  asked.start = new Date(from + (length * zoom.start) / 100);
  asked.end = new Date(from + (length * zoom.end) / 100);
  asked.period = "";
  load();
}

if (box.dataset.live) {
  document.body.addEventListener("live:readings", () => {
    const atWhole = asked.start === whole.start && asked.end === whole.end;
    if (!atWhole || document.hidden) return;
    const now = new Date();
    if (now - whole.end < 20000) return;
    whole.start = new Date(whole.start.getTime() + (now - whole.end));
    whole.end = now;
    Object.assign(asked, whole);
    load();
  });
}
new ResizeObserver(() => chart.resize()).observe(box);
onThemeChange(() => course && draw());
load();
