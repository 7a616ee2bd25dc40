/** Sends an answer on another channel of the same person: where they are open there, else as a first message. */
import { desk as api, type NewMessage, type Started } from "../../api/desk";
import { scheduled, type Scheduled } from "../../api/scheduled";
import type { Account, Conversation } from "../../api/shapes";
import { live } from "../../live/desk.svelte";
import { waiting } from "./scheduled.svelte";
import type { Way } from "./way";

const TITLE_CHARS = 120;

/** Returns what waits there to be taken back, where its account gives time for that. */
export async function answerElsewhere(
  way: Way,
  message: NewMessage,
  from: Conversation,
): Promise<Scheduled | undefined> {
  const { text, client_id, attachment_ids, marks } = message;
  if ("conversationId" in way) {
    const sent = { text, client_id, attachment_ids, marks, kind: "reply" as const };
    const account = live.state.conversations[way.conversationId]?.account_id ?? "";
    if (undoes(account)) return scheduled.keep(way.conversationId, sent, {});
    live.merge({ message: await api.send(way.conversationId, sent) });
    return undefined;
  }
  const title = from.case_id ? live.state.cases[from.case_id]?.title : undefined;
  const [firstLine = ""] = text.split("\n");
  return begun(
    await api.start({
      account_id: way.accountId,
      to: [way.address],
      subject: from.subject || title || firstLine.slice(0, TITLE_CHARS),
      text,
      client_id,
      attachment_ids,
      marks,
      contact_id: from.contact_id,
      case_id: from.case_id,
      undo: undoes(way.accountId),
    }),
  );
}

/** The account that an answer goes out by: that of the other way, or the conversation's own. */
export function wayTo(way: Way | undefined, own: Account | undefined): Account | undefined {
  if (!way) return own;
  const { accounts, conversations } = live.state;
  return accounts["accountId" in way ? way.accountId : (conversations[way.conversationId]?.account_id ?? "")];
}

/** Whether what goes out by an account can be taken back for some seconds. */
export function undoes(accountId: string): boolean {
  return (live.state.accounts[accountId]?.undo_s ?? 0) > 0;
}

/** Shows a conversation that we opened; returns its message while that waits. */
export function begun({ conversation, message, scheduled: kept }: Started): Scheduled | undefined {
  live.merge({ conversation, ...(message ? { message } : {}) });
  if (kept) waiting.put(kept);
  return kept ?? undefined;
}
