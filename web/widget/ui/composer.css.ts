/** The look of the composer. */
import { css } from "lit";

export const composerStyles = css`
  :host {
    display: block;
  }
  .box {
    display: flex;
    align-items: end;
    border: 1px solid var(--edge);
    border-radius: calc(var(--round) * 0.86);
    background: var(--surface);
    padding: 3px;
  }
  .box:focus-within {
    border-color: var(--thread);
    box-shadow: 0 0 0 2px color-mix(in oklch, var(--thread) 28%, transparent);
  }
  textarea {
    flex: 1;
    min-width: 0;
    min-height: 40px;
    max-height: 9.2em;
    padding: 8px 4px;
    border: 0;
    outline: 0 !important; /* the box around it shows the focus */
    resize: none;
    font: inherit;
    font-size: 16px;
    color: inherit;
    background: none;
    field-sizing: content;
  }
  textarea::placeholder {
    color: var(--ink-3);
    opacity: 1;
  }
  .send:not(:disabled) {
    background: var(--thread);
    color: var(--on-thread);
  }
  .icon:disabled {
    opacity: 0.45;
    cursor: default;
  }
  .hears {
    background: var(--thread-soft);
    color: var(--thread-ink);
  }
  .hearing:not(:empty) {
    margin-block-end: 6px;
    color: var(--ink-2);
    font-size: 14px;
  }
  /* However many there are, the field stays where it is seen. */
  .problems,
  .uploads {
    max-height: min(144px, 18vh);
    margin-block-end: 8px;
    overflow: auto;
    overscroll-behavior: contain;
  }
  .problems:empty {
    display: none;
  }
  .uploads {
    list-style: none;
    display: flex;
    flex-wrap: wrap;
    gap: 6px;
  }
  .uploads li {
    display: flex;
    align-items: center;
    gap: 6px;
    max-width: 100%;
    padding-inline-start: 10px;
    border: 1px solid var(--line);
    border-radius: 8px;
    background: var(--surface);
    font-size: 14px;
  }
  .uploads .icon {
    width: 32px;
    height: 32px;
  }
  .uploads svg {
    width: 16px;
    height: 16px;
  }
  .name {
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
  }
  .progress {
    color: var(--ink-3);
    white-space: nowrap;
  }
  .problem + .problem {
    margin-block-start: 6px;
  }
  .problem {
    padding: 8px 12px;
    border-radius: 8px;
    background: var(--broken-soft);
    color: var(--broken);
    font-size: 14px;
    overflow-wrap: anywhere;
  }
`;
