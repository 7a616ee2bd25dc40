/** What is written while even the conversation cannot be fetched: kept with the rest, sent when it can be. */
import { css, html, nothing, type TemplateResult } from "lit";
import type { Storage } from "../chat/storage";
import type { Pending } from "../types";

export interface LaterStrings {
  write: string;
  keep: string;
  kept: string;
}

export const laterStyles = css`
  .later {
    display: grid;
    gap: 6px;
    width: min(280px, 100vw - 72px);
    margin-block-start: 8px;
  }
  .later textarea {
    font: inherit;
    font-size: 16px;
    color: var(--ink);
    padding: 8px 10px;
    border: 1px solid var(--edge);
    border-radius: 8px;
    background: var(--paper);
    resize: vertical;
  }
`;

/** The place to write, below what is said of the network; `changed` draws it anew. */
export function later(storage: Storage, words: LaterStrings, changed: () => void): TemplateResult {
  const waits = (storage.get<Pending[]>("outbox") ?? []).length > 0;
  const keep = (event: Event) => {
    event.preventDefault();
    const field = (event.currentTarget as HTMLFormElement).querySelector("textarea");
    const text = field?.value.trim();
    if (!field || !text) return;
    const bytes = crypto.getRandomValues(new Uint8Array(16));
    const client_id = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
    const message: Pending = { client_id, text, attachments: [], at: new Date().toISOString(), error: null };
    storage.set("outbox", [...(storage.get<Pending[]>("outbox") ?? []), message]);
    storage.set("draft", null);
    field.value = "";
    changed();
  };
  const typed = (event: Event) => { storage.set("draft", (event.currentTarget as HTMLTextAreaElement).value || null); };
  return html`
    <form class="later" aria-label=${words.write} @submit=${keep}>
      <textarea rows="3" aria-label=${words.write} placeholder=${words.write} .value=${storage.get<string>("draft") ?? ""} @input=${typed}></textarea>
      <button class="button" type="submit">${words.keep}</button>
      ${waits ? html`<p>${words.kept}</p>` : nothing}
    </form>
  `;
}
