// The year as a slider over its own months: above each month how the lights stood at its end.
import { LIGHTS, rowsAt, tone, words, year } from "./data.js";

const STEP_MS = 1100;
const HEIGHT = 26;
const svg = (parts) => `<svg viewBox="0 0 20 ${HEIGHT}" preserveAspectRatio="none">${parts}</svg>`;

// One column a month: red at the bottom, where the eye looks for it.
const column = (state, month, most) => {
  if (month > year.through) return svg("");
  const rows = rowsAt(state, month);
  let y = HEIGHT;
  return svg(LIGHTS.filter((light) => light !== "n").map((light) => {
    const n = rows.filter((row) => row.light === light).length;
    const height = most ? (n / most) * HEIGHT : 0;
    y -= height;
    return n ? `<rect class="pw-part is-${tone(light)}" x="0" width="20" y="${y.toFixed(2)}" height="${Math.max(0.5, height - 0.6).toFixed(2)}"/>` : "";
  }).join(""));
};

export function time({ range, months, now, button, change }) {
  let timer = null;
  const label = button.querySelector("span");
  const icons = button.querySelector("svg");
  const stop = () => {
    clearInterval(timer);
    timer = null;
    button.setAttribute("aria-pressed", "false");
    label.textContent = words.play;
    icons.classList.remove("is-playing");
  };
  const step = () => {
    if (Number(range.value) >= year.through) return stop();
    range.value = Number(range.value) + 1;
    return change(Number(range.value), true);
  };
  button.addEventListener("click", () => {
    if (timer) return stop();
    if (Number(range.value) >= year.through) {
      range.value = 1;
      change(1, true);
    }
    button.setAttribute("aria-pressed", "true");
    label.textContent = words.pause;
    timer = setInterval(step, STEP_MS);
    return undefined;
  });
  range.addEventListener("input", () => {
    stop();
    change(Number(range.value), false);
  });
  // The track ends where the year has come to; the months to come stand empty behind it.
  range.parentElement.style.setProperty("--through", year.through);
  return {
    show(state) {
      const name = `${year.year} · ${words.months[state.month - 1]}`;
      range.value = state.month;
      range.setAttribute("aria-valuetext", name);
      now.textContent = name;
      for (const [n, cell] of [...months.children].entries()) cell.classList.toggle("is-now", n + 1 === state.month);
    },
    redraw(state) {
      const all = words.months.map((_name, n) => (n < year.through ? rowsAt(state, n + 1).filter((row) => row.light !== "n").length : 0));
      const most = Math.max(...all);
      months.innerHTML = words.months.map((name, n) => `<span class="pw-month${n + 1 > year.through ? " is-off" : ""}">${column(state, n + 1, most)}<small>${name}</small></span>`).join("");
    },
  };
}
