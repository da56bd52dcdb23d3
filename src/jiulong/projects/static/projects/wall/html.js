// Small pieces of HTML that every view of the wall is made of. Words are always escaped.
import { SHAPE, text } from "../../pages/district.js";
import { late, lightWord, percent, tone, words } from "./data.js";

export { text };
export const shape = (name) => `<svg class="shape" viewBox="0 0 16 16" aria-hidden="true">${
  name === "none" ? '<circle cx="8" cy="8" r="6" fill="none" stroke="currentColor" stroke-width="2"/>' : `<g fill="currentColor">${SHAPE[name]}</g>`}</svg>`;
export const light = (code) => `<span class="light light-${tone(code)}">${shape(tone(code))}<span class="light-word">${text(lightWord(code))}</span></span>`;
// The shape with its word for those who hear the page: where words stand beside it anyway.
export const lamp = (code) => `<span class="light light-${tone(code)}">${shape(tone(code))}<span class="visually-hidden">${text(lightWord(code))}</span></span>`;

const wide = (value) => Math.min(1000, Math.round((value ?? 0) * 10));
// Done of the year's plan as a bar, what is expected by now as a tick.
export const bullet = (row) => `<svg class="pw-bullet" viewBox="0 0 1000 10" preserveAspectRatio="none" aria-hidden="true"><rect class="track" width="1000" height="10"/><rect class="value is-${tone(row.light)}" width="${wide(row.share)}" height="10"/>${row.due === null ? "" : `<rect class="due" x="${Math.min(990, wide(row.due))}" width="10" height="10"/>`}</svg>`;
export const shares = (row) => `<span class="num">${percent(row.share)}<small> / ${percent(row.due)}</small></span>`;
export const delay = (row) => (row.behind > 0 ? `<span class="pw-late">${text(late(row.behind))}</span>` : "");
export const next = (row) => (row.next ? `<small class="pw-next">${text(words.next)}${words.colon}${text(row.next.title)} <span class="num">${row.next.planned.slice(5)}</span>${row.next.overdue ? ` <b class="over">${text(words.overdue)}</b>` : ""}</small>` : "");
