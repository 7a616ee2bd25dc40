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

export type Mode = Draft["mode"];

/** A note and a reply are two drafts: what is meant for colleagues never becomes an answer by a key. */
const place = (name: string, mode: Mode): string => PREFIX + name + (mode === "note" ? ".note" : "");

/** The draft of a mode kept under a name, or an empty one. */
export function readDraft(name: string, mode: Mode, storage: Storage = localStorage): Draft {
  const empty = { ...EMPTY, mode };
  try {
    const kept = { ...empty, ...(JSON.parse(storage.getItem(place(name, mode)) ?? "{}") as Partial<Draft>) };
    return kept.mode === mode ? kept : empty;
  } catch {
    return empty; // storage is blocked or holds something else
  }
}

/** Keeps a draft under a name and its mode; one without a word in it is forgotten. */
export function keepDraft(name: string, draft: Draft, storage: Storage = localStorage): void {
  try {
    const written = [draft.text, draft.to, draft.cc, draft.bcc].some((part) => part.trim());
    if (written) storage.setItem(place(name, draft.mode), JSON.stringify(draft));
    else storage.removeItem(place(name, draft.mode));
  } catch {
    // storage is blocked or full: the text stays in the field
  }
}

/** With which of the two to begin: with the note only when nothing but a note was begun. */
export function modeToBegin(drafts: Readonly<Record<Mode, Draft>>): Mode {
  return drafts.note.text.trim() && !drafts.reply.text.trim() ? "note" : "reply";
}
