/** How marked text looks in a message. */
import { css } from "lit";

export const markedStyles = css`
  .marked {
    white-space: normal;
  }
  .marked > * {
    margin-block: 0 0.5em;
  }
  .marked > :last-child {
    margin: 0;
  }
  .marked :is(p, li) {
    white-space: pre-line;
  }
  .marked :is(ul, ol) {
    padding-inline-start: 1.4em;
  }
  .marked blockquote {
    margin-inline: 0;
    padding-inline-start: 10px;
    border-inline-start: 3px solid var(--line);
  }
  .marked pre {
    overflow-x: auto;
  }
`;
