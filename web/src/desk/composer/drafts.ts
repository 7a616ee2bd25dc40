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
export const place = (name: string, mode: Mode): string => PREFIX + name + (mode === "note" ? ".note" : "");

/** What an entry of the storage says; something else is an empty draft. */
export function parseDraft(entry: string | null, mode: Mode): Draft {
  const empty = { ...EMPTY, mode };
  try {
    const kept = { ...empty, ...(JSON.parse(entry ?? "{}") as Partial<Draft>) };
    return kept.mode === mode ? kept : empty;
  } catch {
    return empty;
  }
}

/** The draft of a mode kept under a name, or an empty one. */
export function readDraft(name: string, mode: Mode, storage: Storage = localStorage): Draft {
  try {
    return parseDraft(storage.getItem(place(name, mode)), mode);
  } catch {
    return { ...EMPTY, mode }; // storage is blocked
  }
}

/** Whether a word, an address or a file is in it. */
const isWritten = ({ text, to, cc, bcc, files }: Draft): boolean =>
  files.length > 0 || [text, to, cc, bcc].some((part) => part.trim());

/** All that a draft says, to tell whether two say the same; nothing written says nothing. */
export function said(draft: Draft): string {
  if (!isWritten(draft)) return "";
  const { text, to, cc, bcc, replyAll, files } = draft;
  return JSON.stringify([text, to, cc, bcc, replyAll, files.map(({ id }) => id)]);
}

/** Keeps a draft under a name and its mode; one without a word or a file in it is forgotten. */
export function keepDraft(name: string, draft: Draft, storage: Storage = localStorage): void {
  try {
    if (isWritten(draft)) storage.setItem(place(name, draft.mode), JSON.stringify(draft));
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

const LINE = "\n\n———\n\n";

/** Puts what came along with a conversation below what was begun in it, with a line between; what is there is not put again. */
export function below(came: Draft, begun: Draft): Draft {
  const has = begun.text.includes(came.text.trim());
  const files = came.files.filter(({ id }) => !begun.files.some((one) => one.id === id));
  return {
    mode: begun.mode,
    text: has ? begun.text : [begun.text.trim() && begun.text.trimEnd(), came.text].filter(Boolean).join(LINE),
    to: begun.to || came.to,
    cc: begun.cc || came.cc,
    bcc: begun.bcc || came.bcc,
    replyAll: begun.replyAll || came.replyAll,
    files: [...begun.files, ...files],
  };
}

/** What is left of a draft when this has gone out: what was written behind it meanwhile. */
export function without(sent: Draft, now: Draft): Draft {
  const text = now.text.startsWith(sent.text) ? now.text.slice(sent.text.length).trimStart() : now.text;
  const gone = sent.files.map(({ id }) => id);
  return { ...EMPTY, mode: now.mode, text, files: now.files.filter(({ id }) => !gone.includes(id)) };
}
