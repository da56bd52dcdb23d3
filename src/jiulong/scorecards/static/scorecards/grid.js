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

  // What was typed and not yet kept is not lost by a wrong click.
  let unsaved = false;
  grid.addEventListener("input", () => (unsaved = true));
  document.body.addEventListener("htmx:afterRequest", (event) => {
    if (event.detail.successful && event.detail.target && event.detail.target.id === "saved") unsaved = false;
  });
  document.getElementById("grid-form").addEventListener("submit", () => (unsaved = false));
  window.addEventListener("beforeunload", (event) => {
    if (unsaved) event.preventDefault();
  });
  document.getElementById("faults-head")?.focus();
}
