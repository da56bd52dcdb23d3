// "Select all" and the count of what is selected; without this script one ticks row by row.
for (const form of document.querySelectorAll("form[data-select]")) {
  const all = form.querySelector("[data-all]");
  const boxes = [...form.querySelectorAll("input[name=case]")];
  const shown = form.querySelector("[data-picked]");
  const tell = () => {
    const n = boxes.filter((box) => box.checked).length;
    shown.textContent = n || "";
    all.checked = n === boxes.length;
    all.indeterminate = n > 0 && n < boxes.length;
  };
  all.hidden = false;
  all.addEventListener("change", () => {
    boxes.forEach((box) => { box.checked = all.checked; });
    tell();
  });
  form.addEventListener("change", tell);
  tell();
}
