/** What was being written, kept on this device until it goes out: a reload or a lost session loses nothing. */
export interface KeptFile {
  id: string;
  filename: string;
  size: number;
}

export interface Draft {
  mode: "reply" | "note";
  text: string;
  to: string;
  cc: string;
  bcc: string;
  replyAll: boolean;
  /** What was attached, as far as the server has it. */
  files: readonly KeptFile[];
}

export const EMPTY: Draft = { mode: "reply", text: "", to: "", cc: "", bcc: "", replyAll: false, files: [] };

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

/** Keeps a draft under a name and its mode; one without a word or a file in it is forgotten. */
export function keepDraft(name: string, draft: Draft, storage: Storage = localStorage): void {
  try {
    const written = [draft.text, draft.to, draft.cc, draft.bcc].some((part) => part.trim());
    if (written || draft.files.length) storage.setItem(place(name, draft.mode), JSON.stringify(draft));
    else storage.removeItem(place(name, draft.mode));
  } catch {
    // storage is blocked or full: the text stays in the field
  }
}

/** With which of the two to begin: with the note only when nothing but a note was begun. */
export function modeToBegin(drafts: Readonly<Record<Mode, Draft>>): Mode {
  return drafts.note.text.trim() && !drafts.reply.text.trim() ? "note" : "reply";
}

/** Puts a text that comes back above what was begun meanwhile. */
export const textAbove = (back: string, begun: string, between = "\n\n"): string =>
  [back, begun.trim()].filter(Boolean).join(between);

/** Puts what comes back above what was begun meanwhile; nothing that was typed is lost. */
export function above(back: Draft, begun: Draft): Draft {
  return {
    mode: begun.mode,
    text: textAbove(back.text, begun.text),
    to: begun.to || back.to,
    cc: begun.cc || back.cc,
    bcc: begun.bcc || back.bcc,
    replyAll: begun.replyAll || back.replyAll,
    files: [...back.files, ...begun.files],
  };
}

/** What is left of a draft when this has gone out: what was written behind it meanwhile. */
export function without(sent: Draft, now: Draft): Draft {
  const text = now.text.startsWith(sent.text) ? now.text.slice(sent.text.length).trimStart() : now.text;
  const gone = sent.files.map(({ id }) => id);
  return { ...EMPTY, mode: now.mode, text, files: now.files.filter(({ id }) => !gone.includes(id)) };
}
