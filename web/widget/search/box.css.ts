/** The look of the search and of an article in place. */
import { css } from "lit";

export const searchStyles = css`
  :host {
    display: block;
    color: var(--ink);
  }
  label {
    display: block;
    margin-block-end: 4px;
    font-weight: 550;
  }
  .field {
    position: relative;
    display: flex;
  }
  input {
    flex: 1;
    min-width: 0;
    font: inherit;
    font-size: 16px;
    color: var(--ink);
    padding: 9px 40px 9px 12px;
    border: 1px solid var(--edge);
    border-radius: 10px;
    background: var(--surface);
  }
  input::-webkit-search-cancel-button {
    display: none;
  }
  .field .icon {
    position: absolute;
    inset-block: 1px;
    inset-inline-end: 1px;
    width: 38px;
    height: auto;
  }
  .lead {
    margin-block-start: 10px;
    color: var(--ink-2);
  }
  .found {
    list-style: none;
    margin-block-start: 8px;
  }
  .found li {
    padding-block: 8px;
    border-block-end: 1px solid var(--line);
  }
  .found li:last-child {
    border-block-end: 0;
  }
  .title {
    min-height: 24px;
    color: var(--thread-ink);
    font-weight: 550;
    text-align: start;
    text-decoration: underline;
    text-underline-offset: 2px;
    overflow-wrap: anywhere;
  }
  .passage {
    margin-block-start: 2px;
    color: var(--ink-2);
    font-size: 15px;
    overflow-wrap: anywhere;
    display: -webkit-box;
    -webkit-box-orient: vertical;
    -webkit-line-clamp: 3;
    overflow: hidden;
  }
  .article {
    display: grid;
    gap: 10px;
    justify-items: start;
    margin-block-start: 8px;
    padding: 12px 14px;
    border-inline-start: 3px solid var(--thread-line);
    background: var(--paper);
    font-size: 15px;
    overflow-wrap: anywhere;
  }
  .article > * {
    max-width: 100%;
  }
  h3:focus {
    outline: 0;
  }
  h3,
  h4,
  h5,
  h6 {
    margin: 0;
    font-size: inherit;
    font-weight: 600;
  }
  .article ul,
  .article ol {
    padding-inline-start: 22px;
  }
  .article a {
    color: var(--thread-ink);
  }
  pre {
    margin: 0;
    overflow: auto;
  }
  blockquote {
    margin: 0;
    padding-inline-start: 12px;
    border-inline-start: 2px solid var(--line);
  }
  .table {
    overflow: auto;
  }
  table {
    border-collapse: collapse;
  }
  th,
  td {
    padding: 4px 10px;
    border: 1px solid var(--line);
    text-align: start;
  }
  .solved {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 8px;
  }
`;
