/** The look of what fills the panel with a form: its room, its fields, what is wrong with them. */
import { css } from "lit";

export const formStyles = css`
  :host {
    flex: 1;
    overflow: auto;
    padding: 12px 20px 20px;
  }
  input:not([type="radio"]):not([type="checkbox"]),
  select,
  textarea {
    font: inherit;
    font-size: 16px;
    color: var(--ink);
    width: 100%;
    min-width: 0;
    padding: 9px 12px;
    border: 1px solid var(--edge);
    border-radius: 10px;
    background: var(--surface);
  }
  .problem {
    color: var(--broken);
  }
`;
