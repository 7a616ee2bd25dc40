/** Makes the message that goes out from what is in the composer, or says why it cannot go. Pure but for its id. */
import type { NewMessage } from "../../api/desk";
import type { Agent } from "../../api/shapes";
import type { Draft } from "./drafts";
import { mentioned } from "./mentions";
import { readRecipients } from "./recipients";

export type Written =
  { kind: "empty" } | { kind: "wrong"; error: string } | { kind: "ready"; message: NewMessage };

interface Words {
  badAddress: (address: string) => string;
  tooLong: (max: string) => string;
  unfilled: (place: string) => string;
}

/** A place of a macro that nothing was known for (the server refuses it too). */
const UNFILLED = /\{\{\s*(?:contact|case|agent|brand|fact)\.[^{}\n]+\}\}/;

/** `agents` are who a note may call; `maxText` is what the channel carries, in characters; a note has no such limit. */
export function messageOf(
  draft: Draft,
  files: string[],
  maxText: number | undefined,
  words: Words,
  agents: readonly Agent[] = [],
): Written {
  const text = draft.text.trim();
  if (!text && !files.length) return { kind: "empty" };
  const message: NewMessage = {
    text,
    kind: draft.mode,
    client_id: crypto.randomUUID(),
    attachment_ids: files,
    marks: true, // where there are none, the server keeps it as plain words
  };
  if (draft.mode === "note") {
    const mentions = mentioned(text, agents);
    return { kind: "ready", message: mentions.length ? { ...message, mentions } : message };
  }
  const place = UNFILLED.exec(text);
  if (place) return { kind: "wrong", error: words.unfilled(place[0]) };
  if (maxText !== undefined && text.length > maxText) {
    return { kind: "wrong", error: words.tooLong(maxText.toString()) };
  }
  for (const field of ["to", "cc", "bcc"] as const) {
    const { addresses, wrong } = readRecipients(draft[field]);
    if (wrong) return { kind: "wrong", error: words.badAddress(wrong) };
    if (addresses.length) message[field] = addresses;
  }
  if (draft.replyAll) message.reply_all = true;
  return { kind: "ready", message };
}
