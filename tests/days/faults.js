// What axe finds wrong on this page, by rules with one of `tags`.
//
// Most of axe's time goes into the contrast of each piece of text with what is behind it. Texts that
// look the same on the same grounds (the cells of a column, the days of a calendar) have the same
// contrast, so the first few of them are asked in the name of all.
async ({ tags, few }) => {
  // What the contrast of a text depends on, and what axe passes a text over for.
  const LOOKS = [
    "color", "backgroundColor", "backgroundImage", "opacity", "fontSize", "fontWeight", "textShadow",
    "filter", "mixBlendMode", "position", "float", "transform", "overflowX", "overflowY", "clipPath",
  ];
  const numbers = new Map(); // a way to look, below certain others → its number
  const met = new Map(); // its number → how many texts look so
  const own = (element) =>
    [...element.childNodes].map((node) => (node.nodeType === Node.TEXT_NODE ? node.data : "")).join("").trim();

  const mark = (element, above) => {
    const look = getComputedStyle(element);
    const [box, text] = [element.getBoundingClientRect(), own(element)];
    const key = [
      above, element.tagName, element.className, ...LOOKS.map((name) => look[name]),
      box.width > 1 && box.height > 1, box.left >= 0 && box.right <= innerWidth,
      text.length > 1, /[\p{L}\p{N}]/u.test(text),
    ].join("|");
    if (!numbers.has(key)) numbers.set(key, numbers.size);
    const number = numbers.get(key);
    if (text && element.checkVisibility()) {
      met.set(number, (met.get(number) ?? 0) + 1);
      if (met.get(number) > few) element.dataset.axeTwin = "";
    }
    // What is drawn lies on other drawings, each where it is.
    for (const child of element.children) if (!(child instanceof SVGElement)) mark(child, number);
  };
  mark(document.documentElement, 0);

  axe.configure({ rules: [{ id: "color-contrast", selector: "*:not([data-axe-twin])" }] });
  const found = await axe.run(document, {
    runOnly: { type: "tag", values: tags }, resultTypes: ["violations"], iframes: false, preload: false,
  });
  return found.violations.map((one) => ({
    rule: one.id, impact: one.impact, help: one.help,
    at: one.nodes
      // Marks of a map lie where the things are: WCAG 2.5.8 lets them, and each is a row of a list too.
      .filter((node) => one.id !== "target-size" || !node.html.includes("leaflet-marker-icon"))
      .map((node) => `${node.target.join(" ")}: ${node.any.concat(node.all, node.none)
        .map((check) => check.message).join("; ").slice(0, 200)}`),
  }));
}
