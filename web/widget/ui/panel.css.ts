/** The look of the panel. */
import { css } from "lit";

export const panelStyles = css`
  dialog {
    position: fixed;
    inset: auto;
    inset-block-end: max(20px, env(safe-area-inset-bottom));
    inset-inline-start: var(--look-start, auto);
    inset-inline-end: var(--look-end, max(20px, env(safe-area-inset-right)));
    width: 392px;
    height: min(680px, 100dvh - 40px);
    max-width: none;
    max-height: none;
    margin: 0;
    padding: 0;
    border: 1px solid var(--line);
    border-radius: var(--round);
    background: var(--surface);
    color: inherit;
    overflow: hidden;
    box-shadow: 0 12px 40px oklch(0.2 0.02 240 / 0.2);
  }
  /* Before the first word it is as high as what it says; it grows upwards with the talk. */
  .calm {
    height: auto;
    max-height: min(680px, 100dvh - 40px);
  }
  dialog[open] {
    display: flex;
    flex-direction: column;
    animation: rise 140ms ease-out;
  }
  @keyframes rise {
    from {
      opacity: 0;
      transform: translateY(8px);
    }
  }
  @media (max-width: 480px), (max-height: 480px) {
    dialog,
    .calm {
      inset: 0;
      width: 100%;
      height: 100dvh;
      max-height: none;
      border: 0;
      border-radius: 0;
    }
  }
  /* Little height, as on a desk at 400 %: everything scrolls together, so nothing is squeezed away. */
  @media (max-height: 480px) {
    dialog[open] {
      display: block;
      overflow: auto;
    }
    .body {
      overflow: visible !important;
    }
  }
  .header {
    display: flex;
    align-items: start;
    gap: 2px;
    padding: 18px 10px 12px 20px;
  }
  .header .icon {
    margin-block-start: -7px;
  }
  .header.small .icon {
    margin-block-start: 0;
  }
  .header .title {
    flex: 1;
    min-width: 0;
  }
  .header h2 {
    font-size: 20px;
    font-weight: 600;
    line-height: 1.3;
    letter-spacing: -0.011em;
    text-wrap: balance;
    overflow-wrap: anywhere;
    outline: 0;
  }
  .header p {
    margin-block-start: 4px;
    color: var(--ink-2);
  }
  .header p:empty {
    display: none;
  }
  .header.small {
    border-block-end: 1px solid var(--line);
    padding-block: 12px 10px;
  }
  .header.small h2 {
    font-size: 17px;
    display: -webkit-box;
    -webkit-box-orient: vertical;
    -webkit-line-clamp: 2;
    overflow: hidden;
  }
  .header.small p {
    margin-block-start: 2px;
    font-size: 14px;
  }
  .header trato-logo {
    flex: none;
    margin-inline-end: 10px;
  }
  .ways {
    display: flex;
    flex-wrap: wrap;
    gap: 0 14px;
    margin-block-start: 2px;
  }
  .ways a {
    min-height: 24px;
    color: inherit;
    font-weight: 600;
    overflow-wrap: anywhere;
  }
  .offline,
  .notice {
    padding: 8px 20px;
    background: var(--wait-soft);
    color: var(--wait);
    font-size: 14px;
  }
  .body {
    flex: 1 9999 0%;
    display: flex;
    flex-direction: column;
    overflow: auto;
    overscroll-behavior: contain;
    outline: 0;
  }
  /* It is there while something else stands in its place, with all that was begun in it. */
  .talk {
    display: contents;
  }
  .footer {
    display: flex;
    flex-direction: column;
    min-height: 0;
    padding: 10px 12px max(10px, env(safe-area-inset-bottom));
    border-block-start: 1px solid var(--line);
    background: var(--paper);
  }
  /* Where there is little room the words give way, never the field. */
  .beside {
    min-height: 0;
    margin: -4px;
    padding: 4px;
    overflow: auto;
  }
  .footer trato-composer {
    flex: none;
  }
  .strip {
    padding: 2px 4px 8px;
    font-size: 14px;
  }
  .strip.agreed {
    display: flex;
    flex-wrap: wrap;
    gap: 4px 16px;
  }
  .strip.agreed p {
    flex-basis: 100%;
    overflow-wrap: anywhere;
  }
  .hint {
    margin-block-end: 8px;
    color: var(--ink-2);
    font-size: 14px;
    text-align: center;
  }
  .drop {
    position: absolute;
    inset: 8px;
    display: grid;
    place-items: center;
    border: 2px dashed var(--thread);
    border-radius: 10px;
    background: color-mix(in oklch, var(--surface) 90%, transparent);
    color: var(--thread-ink);
    font-weight: 600;
    pointer-events: none;
  }

  .home {
    flex: 1;
    display: flex;
    flex-direction: column;
    gap: 18px;
    padding: 6px 20px 20px;
  }
  .home:empty {
    display: none;
  }
  .matter {
    list-style: none;
  }
  .matter li {
    position: relative;
    padding-inline-start: 24px;
    padding-block-end: 10px;
    color: var(--ink-2);
    overflow-wrap: anywhere;
  }
  .matter li:last-child {
    padding-block-end: 0;
  }
  .matter li::before {
    content: "";
    position: absolute;
    z-index: 1;
    inset-block-start: 6px;
    inset-inline-start: 0;
    width: 12px;
    height: 12px;
    border-radius: 50%;
    border: 2px solid var(--thread-line);
    background: var(--surface);
  }
  .matter li:not(:last-child)::after {
    content: "";
    position: absolute;
    inset-block: 8px -8px;
    inset-inline-start: 5px;
    width: 2px;
    background: var(--thread-line);
  }
  .matter .done {
    color: var(--ink);
  }
  .matter .done::before {
    border-color: var(--thread);
    background: var(--thread);
  }
  .matter .now {
    color: var(--ink);
    font-weight: 600;
  }
  .matter .now::before {
    border-color: var(--thread);
    background: linear-gradient(90deg, var(--thread) 50%, var(--surface) 50%);
  }
  h3 {
    font-size: 16px;
    font-weight: 600;
  }
  .question {
    display: grid;
    gap: 12px;
    padding: 16px;
    border-radius: calc(var(--round) * 0.86);
    background: var(--sunk);
  }
  .share {
    display: grid;
    gap: 8px;
    padding: 4px 4px 10px;
    font-size: 15px;
  }
  .share small {
    color: var(--ink-2);
    font-size: 14px;
  }
  .choices {
    display: flex;
    flex-wrap: wrap;
    gap: 8px;
  }
  li .choices {
    margin-top: 8px;
  }
  .choices .button {
    flex: 1 1 auto;
    padding-inline: 10px;
    white-space: nowrap;
  }
  .person {
    padding: 4px 8px 12px;
    color: var(--ink-2);
    font-size: 15px;
  }
  .person h3 {
    color: var(--ink);
    font-size: inherit;
    margin-block-end: 2px;
  }
  .person h3 span {
    font-weight: 400;
    color: var(--ink-2);
  }
  .person svg {
    vertical-align: -4px;
    color: var(--thread);
  }
`;
