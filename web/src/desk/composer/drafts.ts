/** What was being written, kept on this device until it goes out: a reload or a lost session loses nothing. */
export interface Draft {
  mode: "reply" | "note";
  text: string;
  to: string;
  cc: string;
  bcc: string;
  replyAll: boolean;
}

export const EMPTY: Draft = { mode: "reply", text: "", to: "", cc: "", bcc: "", replyAll: false };

const PREFIX = "trato.draft.";

/** The draft kept under a name, or an empty one. */
export function readDraft(name: string, storage: Storage = localStorage): Draft {
  try {
    return { ...EMPTY, ...(JSON.parse(storage.getItem(PREFIX + name) ?? "{}") as Partial<Draft>) };
  } catch {
    return EMPTY; // storage is blocked or holds something else
  }
}

/** Keeps a draft; one without a word in it is forgotten. */
export function keepDraft(name: string, draft: Draft, storage: Storage = localStorage): void {
  try {
    const written = [draft.text, draft.to, draft.cc, draft.bcc].some((part) => part.trim());
    if (written) storage.setItem(PREFIX + name, JSON.stringify(draft));
    else storage.removeItem(PREFIX + name);
  } catch {
    // storage is blocked or full: the text stays in the field
  }
}
