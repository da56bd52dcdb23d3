// "All" and the count of what is picked; without this script one ticks row by row. The boxes are those
// of `form[data-pick]` with that name, inside of it or bound to it.
for (const form of document.querySelectorAll("form[data-pick]")) {
  const head = form.querySelector("[data-all]");
  const all = head.matches("input") ? head : head.querySelector("input");
  const shown = form.querySelector("[data-picked]");
  const boxes = () => [...form.elements].filter((one) => one.type === "checkbox" && one.name === form.dataset.pick);
  const tell = () => {
    const [picked, many] = [boxes().filter((one) => one.checked).length, boxes().length];
    shown.textContent = picked || "";
    all.checked = picked > 0 && picked === many;
    all.indeterminate = picked > 0 && picked < many;
  };
  head.hidden = false;
  all.addEventListener("change", () => {
    for (const one of boxes()) one.checked = all.checked;
    tell();
  });
  document.addEventListener("change", (event) => boxes().includes(event.target) && tell());
  document.addEventListener("htmx:afterSettle", () => {
    // The list may have been filtered meanwhile: "all that were found" means what is shown now.
    if (form.elements.query) form.elements.query.value = location.search.slice(1);
    tell();
  });
  tell();
}
