// The form of an action opens in the case's page and closes there; without this script it is a
// page of its own. The heading takes focus, so that a screen reader says what opened.
const region = document.getElementById("act");
if (region) {
  let opener = null;
  document.body.addEventListener("htmx:beforeRequest", (event) => {
    if (event.detail.target === region) opener = event.detail.elt;
  });
  document.body.addEventListener("htmx:afterSettle", (event) => {
    if (event.detail.target !== region) return;
    document.querySelectorAll("details.drop[open]").forEach((drop) => { drop.open = false; });
    region.querySelector("h2")?.focus();
    region.scrollIntoView({ block: "nearest" });
  });
  const close = () => {
    region.textContent = "";
    if (opener?.isConnected) opener.focus();
  };
  region.addEventListener("click", (event) => {
    if (!event.target.closest("[data-close]")) return;
    event.preventDefault();
    close();
  });
  region.addEventListener("keydown", (event) => { if (event.key === "Escape") close(); });
}
// What is sent twice is one: the button rests while the form is on its way.
document.addEventListener("submit", (event) => {
  const button = event.submitter;
  if (event.target.matches(".act-form, .new-case") && button) setTimeout(() => { button.disabled = true; });
});
