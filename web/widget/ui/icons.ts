/** The few drawings of the widget; all are decoration, their buttons carry the words. */
import { svg, html, type TemplateResult } from "lit";

const icon = (paths: TemplateResult) =>
  html`<svg viewBox="0 0 24 24" aria-hidden="true" focusable="false">${paths}</svg>`;

/** The product's sign: a line that runs on, with a bead. */
export const thread = icon(svg`<path d="M12 2v6M12 16v6"/><circle cx="12" cy="12" r="4"/>`);
export const close = icon(svg`<path d="M6 6l12 12M18 6 6 18"/>`);
export const more = icon(svg`<circle cx="12" cy="5.5" r=".6"/><circle cx="12" cy="12" r=".6"/><circle cx="12" cy="18.5" r=".6"/>`);
export const send = icon(svg`<path d="M5 12h13M12.5 6l6 6-6 6"/>`);
export const clip = icon(
  svg`<path d="M20 11.5l-8.2 8.2a5 5 0 0 1-7.1-7.1l8.5-8.5a3.3 3.3 0 0 1 4.7 4.7l-8.5 8.5a1.7 1.7 0 0 1-2.4-2.4l7.8-7.8"/>`,
);
export const microphone = icon(svg`<rect x="9" y="3" width="6" height="11" rx="3"/><path d="M5.5 11.5a6.5 6.5 0 0 0 13 0M12 18v3"/>`);
export const screen = icon(svg`<rect x="3" y="4" width="18" height="13" rx="2"/><path d="M8.5 21h7M12 17v4"/>`);
export const file = icon(svg`<path d="M14 3H6v18h12V7zM14 3v4h4"/>`);
export const person = icon(svg`<circle cx="12" cy="8" r="4"/><path d="M4.5 20.5a7.5 7.5 0 0 1 15 0"/>`);
