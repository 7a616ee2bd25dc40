/** What was taken back, as a draft again. Pure. */
import type { Scheduled } from "../../../api/scheduled";
import type { Draft } from "../drafts";

const line = (of: readonly Record<string, string>[]): string =>
  of.map(({ address }) => address ?? "").join(", ");

/** Puts what comes back above what was begun meanwhile; nothing that was typed is lost. */
export function draftWith(view: Scheduled, begun: Draft, contactAddress: string | undefined): Draft {
  const to = line(view.to);
  return {
    ...begun,
    mode: "reply",
    text: [view.text, begun.text.trim()].filter(Boolean).join("\n\n"),
    to: begun.to || (to === contactAddress ? "" : to),
    cc: begun.cc || line(view.cc),
    bcc: begun.bcc || line(view.bcc),
  };
}
