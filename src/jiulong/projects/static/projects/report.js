// While a sum is typed: how much of the plan to date it is. The server judges; this only shows.
const input = document.querySelector('input[name="done"]');
const planned = Number(document.getElementById("planned")?.dataset.planned);
const told = document.getElementById("share");
if (input && told && planned > 0) {
  const tell = () => {
    const value = Number(input.value);
    told.textContent = input.value && Number.isFinite(value) ? `${((value * 100) / planned).toFixed(1)}% ${told.dataset.words}` : "";
  };
  input.addEventListener("input", tell);
  tell();
}
