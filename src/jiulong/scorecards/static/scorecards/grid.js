// Cells as in a spreadsheet: paste a block, go on with Enter and the arrows. The form works without.
const grid = document.getElementById("grid");
const at = (row, column) => grid.querySelector(`input.cell[data-row="${row}"][data-column="${column}"]`);
const place = (cell) => [Number(cell.dataset.row), Number(cell.dataset.column)];

if (grid) {
  grid.addEventListener("paste", (event) => {
    const first = event.target.closest("input.cell");
    const text = event.clipboardData && event.clipboardData.getData("text/plain");
    if (!first || !text || !/[\t\n]/.test(text.trimEnd())) return; // one value: as ever
    event.preventDefault();
    const [row, column] = place(first);
    let last = first;
    text.replace(/\r/g, "").replace(/\n$/, "").split("\n").forEach((line, down) => {
      line.split("\t").forEach((value, right) => {
        const cell = at(row + down, column + right);
        if (!cell) return;
        cell.value = value.trim();
        last = cell;
      });
    });
    last.focus();
    last.dispatchEvent(new Event("change", { bubbles: true }));
  });

  const STEPS = { Enter: [1, 0], ArrowDown: [1, 0], ArrowUp: [-1, 0] };
  grid.addEventListener("keydown", (event) => {
    const cell = event.target.closest("input.cell");
    const step = STEPS[event.key];
    if (!cell || !step || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault(); // Enter in a cell goes down, it does not submit
    const [row, column] = place(cell);
    const next = at(row + step[0], column + step[1]);
    if (next) {
      next.focus();
      next.select();
    }
  });

  // What was typed and not yet kept is not lost by a wrong click. A form that is handed in waits for
  // the save that is under way, whose answer brings the version that it needs; none begins after it.
  const form = document.getElementById("grid-form");
  const AGAIN_MS = 5000;
  let typed = 0; // counts what was typed, to know whether a save has all of it
  let kept = 0;
  let saving = null; // `typed` when the save that is under way began
  let waiting = null; // the button that was pressed meanwhile
  let leaving = false;
  const ours = (event) => event.detail.elt === form;
  const handIn = (button) => {
    waiting = null;
    form.requestSubmit(button || undefined);
  };
  grid.addEventListener("input", () => (typed += 1));
  grid.addEventListener("paste", () => (typed += 1));
  document.body.addEventListener("htmx:beforeRequest", (event) => {
    if (!ours(event)) return;
    if (leaving || waiting) event.preventDefault();
    else saving = typed;
  });
  document.body.addEventListener("htmx:afterRequest", (event) => {
    if (!ours(event) || saving === null) return;
    if (event.detail.successful) kept = saving;
    saving = null;
    if (waiting) setTimeout(handIn, 0, waiting.button);
  });
  document.body.addEventListener("htmx:sendError", (event) => {
    if (!ours(event)) return;
    const saved = document.getElementById("saved");
    saved.querySelector("span")?.remove();
    const told = saved.appendChild(document.createElement("span"));
    told.className = "over";
    told.textContent = saved.dataset.away;
    setTimeout(() => grid.dispatchEvent(new Event("change")), AGAIN_MS);
  });
  form.addEventListener("submit", (event) => {
    if (saving !== null) {
      event.preventDefault();
      waiting = { button: event.submitter };
      return;
    }
    leaving = true;
  });
  window.addEventListener("pageshow", () => (leaving = false)); // back from another page
  window.addEventListener("beforeunload", (event) => {
    if (typed > kept && !leaving) event.preventDefault();
  });
  document.getElementById("faults-head")?.focus();
}
