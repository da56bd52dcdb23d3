// The theme's colours for canvases and maps, read from the tokens so that they stand once.
const NAMES = ["ink", "muted", "paper", "surface", "line", "deep", "water", "jade", "amber", "cinnabar", "indigo"];

export function palette() {
  const style = getComputedStyle(document.documentElement);
  return Object.fromEntries(NAMES.map((name) => [name, style.getPropertyValue(`--${name}`).trim()]));
}

export function onThemeChange(draw) {
  new MutationObserver(draw).observe(document.documentElement, { attributeFilter: ["data-bs-theme"] });
}
