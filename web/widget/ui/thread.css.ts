/** The look of the thread. */
import { css } from "lit";

export const threadStyles = css`
  .log {
    flex: 1 0 auto;
    display: flex;
  }
  .thread {
    list-style: none;
    position: relative;
    flex: 1;
    min-width: 0;
    display: flex;
    flex-direction: column;
    justify-content: end;
    gap: 12px;
    padding-block: 16px 14px;
    padding-inline: 42px 20px;
  }
  .thread::before {
    content: "";
    position: absolute;
    inset-block: 0;
    inset-inline-start: 25px;
    width: 2px;
    background: var(--thread-line);
  }
  .thread li {
    position: relative;
    max-width: 100%;
  }
  .answer {
    align-self: start;
  }
  .answer:not(.on)::before {
    content: "";
    position: absolute;
    inset-inline-start: -21px;
    inset-block-start: 5px;
    width: 10px;
    height: 10px;
    border-radius: 50%;
    background: var(--surface);
    border: 2px solid var(--thread);
  }
  .answer.on {
    margin-block-start: -4px;
  }
  .who,
  .state,
  .typing {
    color: var(--ink-3);
    font-size: 13.5px;
    font-variant-numeric: tabular-nums;
  }
  .text {
    white-space: pre-wrap;
    overflow-wrap: anywhere;
  }
  .text a {
    color: var(--thread-ink);
  }
  .mine {
    align-self: end;
    max-width: 86% !important;
    padding: 8px 12px;
    border-radius: calc(var(--round) * 0.86);
    background: var(--thread-soft);
  }
  .mine .state {
    margin-block-start: 2px;
    text-align: end;
    color: var(--ink-2);
  }
  .waiting .text {
    opacity: 0.7;
  }
  .failed {
    background: var(--broken-soft);
  }
  .failed .state {
    color: var(--broken);
    text-align: start;
  }
  .failed .link {
    color: inherit;
    margin-inline-start: 6px;
  }
  .typing {
    display: flex;
    align-items: center;
    gap: 8px;
    padding: 0 20px 10px 42px;
  }
  .dots {
    display: flex;
    gap: 3px;
  }
  .dots i {
    width: 5px;
    height: 5px;
    border-radius: 50%;
    background: var(--thread);
    animation: breathe 1.2s infinite ease-in-out;
  }
  .dots i:nth-child(2) {
    animation-delay: 0.15s;
  }
  .dots i:nth-child(3) {
    animation-delay: 0.3s;
  }
  @keyframes breathe {
    50% {
      opacity: 0.25;
    }
  }
`;
