// The sum of the parts while one types; the server reckons it exactly.
const table = document.querySelector(".split-table[data-adds]");
if (table) {
  const output = table.querySelector("output");
  const add = () => {
    const cells = [...table.querySelectorAll("input")].map((cell) => Number(cell.value.replace(/[,， ]/g, "")) || 0);
    const sum = Number(cells.reduce((all, one) => all + one, 0).toFixed(6));
    const whole = Number(table.dataset.whole);
    output.textContent = sum === whole ? `${sum} ✓` : `${sum} / ${whole}`;
  };
  table.addEventListener("input", add);
  add();
}
