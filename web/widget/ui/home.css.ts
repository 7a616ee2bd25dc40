/** The look of who is there and of the ways to them. */
import { css } from "lit";

export const homeStyles = css`
  .person .ways {
    display: flex;
    flex-wrap: wrap;
    gap: 8px;
    margin-block-start: 8px;
  }
  .home .person {
    padding: 0;
  }
  .faces {
    display: inline-flex;
    vertical-align: -5px;
  }
  .face {
    display: grid;
    place-items: center;
    width: 24px;
    height: 24px;
    overflow: hidden;
    border-radius: 50%;
    border: 2px solid var(--paper);
    --high: 24px;
    --corner: 50%;
    background: var(--thread-soft);
    color: var(--thread-ink);
    font-size: 12px;
    font-style: normal;
    font-weight: 600;
  }
  .header .face {
    width: 36px;
    height: 36px;
    --high: 36px;
  }
  .face + .face {
    margin-inline-start: -6px;
  }
  .aside {
    opacity: 0;
    animation: none !important;
  }
  .reading {
    flex: 1;
    overflow: auto;
    padding: 12px 20px 20px;
  }
  .reading .link {
    margin-block-end: 10px;
  }
`;
