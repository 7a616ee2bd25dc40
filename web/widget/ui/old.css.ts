/** What browsers before Chromium 111 (Android 5 to 7) are shown instead: plain colours, plain heights. */
import { css } from "lit";
import { held } from "./tokens";

const LIGHT = `
  --paper: #fbf9f5; --surface: #fffefd; --sunk: #f4f2ec; --line: #e2dfd9; --edge: #7e888e; --ink: #19232a;
  --ink-2: #525c64; --ink-3: #646d74; --thread: var(--trato-accent, var(--look-light, #017272));
  --on-thread: #f5fefe; --thread-ink: #005757; --thread-soft: #e3f4f4; --thread-line: #9dc7c7;
  --wait: #8f5300; --wait-soft: #ffeccd; --broken: #b32322; --broken-soft: #ffe7e4;`;
const DARK = `
  --paper: #12181c; --surface: #1a2025; --sunk: #0e1317; --line: #2e353a; --edge: #747c81; --ink: #eae8e2;
  --ink-2: #abb2b8; --ink-3: #98a0a5; --on-thread: #021818; --thread-ink: #83d5d4;
  --thread: var(--trato-accent-dark, var(--trato-accent, var(--look-dark, #50b7b7)));
  --thread-soft: #103333; --thread-line: #295c5c;
  --wait: #ebb25f; --wait-soft: #3e2d15; --broken: #fa887d; --broken-soft: #47211d;`;

/** After the tokens, for the outermost hosts. */
export const oldColours = css`
  @supports not (color: color-mix(in oklab, red, blue)) {
    :host {
      ${held(LIGHT)}
    }
    @media (prefers-color-scheme: dark) {
      :host(:not([theme="light"])) {
        ${held(DARK)}
      }
    }
    :host([theme="dark"]) {
      ${held(DARK)}
    }
  }
`;

/** After the panel's own. */
export const oldHeights = css`
  @supports not (height: 1dvh) {
    dialog {
      height: min(680px, 100vh - 40px);
    }
    .calm {
      height: auto;
      max-height: min(680px, 100vh - 40px);
    }
    @media (max-width: 480px), (max-height: 480px) {
      dialog,
      .calm {
        height: 100vh;
        max-height: none;
      }
    }
  }
`;
