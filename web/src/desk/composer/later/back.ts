/** What was taken back, as a draft again. Pure. */
import type { Scheduled } from "../../../api/scheduled";
import type { Message } from "../../../api/shapes";
import { above, EMPTY, type Draft } from "../drafts";

const line = (of: readonly Record<string, string>[]): string =>
  of.map(({ address }) => address ?? "").join(", ");

/** Puts what comes back above what was begun meanwhile, with its files and whoever it was for. */
export function draftWith(view: Scheduled, begun: Draft, contactAddress: string | undefined): Draft {
  const to = line(view.to);
  const back = {
    text: view.text,
    to: to === contactAddress ? "" : to,
    cc: line(view.cc),
    bcc: line(view.bcc),
    files: view.attachments.map(({ id, filename, size }) => ({ id, filename, size })),
  };
  return above({ ...EMPTY, ...back }, begun);
}

/** Where the message that is sent on begins, below what was written. */
const PASSED_ON = /(?:^|\n\n)[^\n]* · \d{4}-\d\d-\d\d/;

/** What was to be sent on: the message, to whom, and what was written above it. */
export function forwardOf({ forwards, conversation_id, to, text }: Scheduled): {
  message: Pick<Message, "id" | "conversation_id">;
  begun: { to: string; text: string };
} {
  const at = PASSED_ON.exec(text)?.index ?? text.length;
  return {
    message: { id: forwards ?? "", conversation_id },
    begun: { to: line(to), text: text.slice(0, at).trim() },
  };
}
