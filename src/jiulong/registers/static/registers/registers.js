// Picking rows for a bulk edit, and suggestions for links. Both work without this script.
const bar = document.querySelector("form[data-pick]");
if (bar) {
  const boxes = () => [...document.querySelectorAll(`input.pick[form="${bar.id}"]`)];
  const all = bar.querySelector("[data-all]");
  const box = all.querySelector("input");
  const shown = bar.querySelector("[data-picked]");
  const tell = () => {
    const picked = boxes().filter((one) => one.checked).length;
    shown.textContent = picked || "";
    box.checked = picked > 0 && picked === boxes().length;
    box.indeterminate = picked > 0 && !box.checked;
  };
  all.hidden = false;
  box.addEventListener("change", () => {
    boxes().forEach((one) => { one.checked = box.checked; });
    tell();
  });
  document.addEventListener("change", (event) => event.target.matches("input.pick") && tell());
  document.addEventListener("htmx:afterSettle", () => {
    // The list may have been filtered meanwhile: "all that were found" means what is shown now.
    bar.elements.query.value = location.search.slice(1);
    tell();
  });
}

const WAIT_MS = 250;
for (const input of document.querySelectorAll("input[data-options]")) {
  const list = document.createElement("datalist");
  list.id = `${input.id}-options`;
  input.after(list);
  input.setAttribute("list", list.id);
  let timer = null;
  let last = null;
  input.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(async () => {
      const text = input.value.trim();
      if (!text || text === last) return;
      last = text;
      const response = await fetch(`${input.dataset.options}?q=${encodeURIComponent(text)}`);
      if (!response.ok || input.value.trim() !== text) return;
      const { options } = await response.json();
      list.replaceChildren(...options.map(([number, title]) => {
        const option = document.createElement("option");
        option.value = number;
        option.label = `${title} ${number}`;
        return option;
      }));
    }, WAIT_MS);
  });
}
