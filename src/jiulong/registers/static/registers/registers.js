// Suggestions for links; one may also type a number without this script.
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
