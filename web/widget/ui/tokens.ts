/**
 * Colours and the few shapes, light and dark; the same tokens as the desk's. The page's own `--trato-…` win
 * (docs/how-to/appearance.md), then what the brand chose (`look.ts`), then ours.
 */
import { css, unsafeCSS } from "lit";

const LIGHT = `
  --paper: oklch(0.982 0.006 90); --surface: oklch(0.998 0.002 90); --sunk: oklch(0.962 0.008 90);
  --line: oklch(0.905 0.009 90); --edge: oklch(0.62 0.015 240); --ink: oklch(0.25 0.02 240);
  --ink-2: oklch(0.47 0.018 240); --ink-3: oklch(0.53 0.015 240);
  --thread: var(--trato-accent, var(--look-light, oklch(0.5 0.085 195))); --on-thread: oklch(0.99 0.005 195);
  --thread-ink: color-mix(in oklab, var(--thread) 65%, var(--ink));
  --thread-soft: color-mix(in oklab, var(--thread) 9%, var(--surface));
  --thread-line: color-mix(in oklab, var(--thread) 40%, var(--surface));
  --wait: oklch(0.5 0.115 65); --wait-soft: oklch(0.95 0.045 80);
  --broken: oklch(0.5 0.18 27); --broken-soft: oklch(0.95 0.03 27);
  color-scheme: light;`;
const DARK = `
  --paper: oklch(0.205 0.012 240); --surface: oklch(0.24 0.013 240); --sunk: oklch(0.185 0.011 240);
  --line: oklch(0.325 0.013 240); --edge: oklch(0.58 0.013 240); --ink: oklch(0.93 0.008 90);
  --ink-2: oklch(0.76 0.012 240); --ink-3: oklch(0.7 0.012 240);
  --thread: var(--trato-accent-dark, var(--trato-accent, var(--look-dark, oklch(0.72 0.095 195))));
  --on-thread: oklch(0.19 0.02 240); --thread-ink: color-mix(in oklab, var(--thread) 52%, var(--ink));
  --thread-soft: color-mix(in oklab, var(--thread) 11%, var(--surface));
  --thread-line: color-mix(in oklab, var(--thread) 42%, var(--surface));
  --wait: oklch(0.8 0.12 75); --wait-soft: oklch(0.31 0.045 75);
  --broken: oklch(0.75 0.14 27); --broken-soft: oklch(0.3 0.06 27);
  color-scheme: dark;`;

/** Declarations that hold whatever the shop's page says of our outermost elements, as when it says something of `*`. */
export const held = (declarations: string) => unsafeCSS(declarations.replace(/;/g, " !important;"));

/**
 * For the outermost hosts: cut off whatever the shop's page would inherit into them. Rules of the page for an element win
 * over the element's own unless these are important. `all` leaves the direction as it is.
 */
export const tokens = css`
  :host {
    ${held(`
      all: initial;
      direction: ltr;
      unicode-bidi: isolate;
      --round: var(--trato-radius, var(--look-round, 14px));
      font: 16px/1.45 var(--trato-font, "Trato Inter"), system-ui, -apple-system, "Segoe UI", Roboto, sans-serif;
      color: var(--ink);
      -webkit-font-smoothing: antialiased;
      -webkit-text-size-adjust: 100%;
    `)}
    ${held(LIGHT)}
  }
  :host([data-font="page"]) {
    ${held("font-family: var(--trato-font, inherit);")}
  }
  :host([hidden]) {
    ${held("display: none;")}
  }
  :host::before,
  :host::after {
    ${held("display: none;")}
  }
  @media (prefers-color-scheme: dark) {
    :host(:not([theme="light"])) {
      ${held(DARK)}
    }
  }
  :host([theme="dark"]) {
    ${held(DARK)}
  }
`;

export const base = css`
  *,
  *::before,
  *::after {
    box-sizing: border-box;
  }
  [hidden] {
    display: none !important;
  }
  button {
    font: inherit;
    color: inherit;
    background: none;
    border: 0;
    padding: 0;
    cursor: pointer;
    touch-action: manipulation;
  }
  h2,
  h3,
  p,
  ol,
  ul,
  form,
  fieldset {
    margin: 0;
    padding: 0;
    border: 0;
  }
  :focus-visible {
    outline: 2px solid var(--thread);
    outline-offset: 2px;
  }
  svg {
    width: 20px;
    height: 20px;
    fill: none;
    stroke: currentColor;
    stroke-width: 1.7;
    stroke-linecap: round;
    stroke-linejoin: round;
    flex: none;
  }
  .hidden {
    position: absolute;
    width: 1px;
    height: 1px;
    overflow: hidden;
    clip-path: inset(50%);
    white-space: nowrap;
  }
  .icon {
    display: grid;
    place-items: center;
    width: 40px;
    height: 40px;
    flex: none;
    border-radius: 8px;
    color: var(--ink-2);
  }
  .icon:hover {
    background: var(--sunk);
    color: var(--ink);
  }
  .button {
    padding: 8px 14px;
    min-height: 40px;
    border: 1px solid var(--edge);
    border-radius: calc(var(--round) * 0.72);
    background: var(--surface);
    font-weight: 500;
  }
  .button:hover {
    border-color: var(--thread);
  }
  .button.main {
    background: var(--thread);
    border-color: var(--thread);
    color: var(--on-thread);
  }
  .button:disabled {
    opacity: 0.55;
    cursor: default;
  }
  .link {
    color: var(--thread-ink);
    text-decoration: underline;
    text-underline-offset: 2px;
    min-height: 24px;
  }
  @media (prefers-reduced-motion: reduce) {
    * {
      animation: none !important;
      transition: none !important;
    }
  }
`;
