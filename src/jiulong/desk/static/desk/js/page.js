// Small courtesies; every page works without them.
(() => {
  // A drop-down closes when the eye has moved on.
  const closeDrops = (except) =>
    document.querySelectorAll("details.drop[open]").forEach((drop) => {
      if (drop !== except) drop.open = false;
    });
  document.addEventListener("click", (event) => closeDrops(event.target.closest("details.drop")));
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") closeDrops(null);
    const typing = event.target.closest("input, textarea, select, [contenteditable]");
    // "/" goes to the search of the list, or where there is none to the one for everything, as
    // Ctrl+K does always.
    const everything = event.key === "k" && (event.ctrlKey || event.metaKey);
    if (everything || (event.key === "/" && !typing && !event.ctrlKey && !event.metaKey)) {
      const search = (!everything && document.querySelector("main [type=search]")) || document.querySelector("[type=search]");
      if (search) {
        event.preventDefault();
        search.focus();
      }
    }
  });

  // An address says only what was asked for.
  document.addEventListener("formdata", (event) => {
    if (event.target.getAttribute("method") !== "get") return;
    [...event.formData.entries()].forEach(([name, value]) => {
      if (value === "") event.formData.delete(name);
    });
  });

  // After a swap that took the focused element away, focus goes to the region's heading.
  document.addEventListener("htmx:afterSettle", (event) => {
    const asked = event.detail.requestConfig;
    const byPerson = asked && asked.triggeringEvent && !asked.triggeringEvent.type.startsWith("live:");
    if (byPerson && document.activeElement === document.body) {
      const heading = document.querySelector("#list-heading");
      if (heading) heading.focus({ preventScroll: true });
    }
  });
  // Signed out meanwhile: show the door instead of swapping it into a table.
  document.addEventListener("htmx:beforeSwap", (event) => {
    const came = event.detail.xhr.responseURL;
    if (came && new URL(came).pathname === document.body.dataset.door) {
      event.detail.shouldSwap = false;
      window.location.reload();
    }
  });
  // A region that could not be refetched says so instead of looking current.
  const failed = (event) => event.target.setAttribute("data-stale", "yes");
  document.addEventListener("htmx:responseError", failed);
  document.addEventListener("htmx:sendError", failed);
})();
