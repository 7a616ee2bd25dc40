/** Sends an answer on another channel of the same person: where they are open there, else as a first message. */
import { desk as api, type NewMessage } from "../../api/desk";
import type { Conversation } from "../../api/shapes";
import { live } from "../../live/desk.svelte";
import type { Way } from "./way";

const TITLE_CHARS = 120;

export async function answerElsewhere(way: Way, message: NewMessage, from: Conversation): Promise<void> {
  const { text, client_id, attachment_ids } = message;
  if ("conversationId" in way) {
    const sent = { text, client_id, attachment_ids, kind: "reply" as const };
    live.merge({ message: await api.send(way.conversationId, sent) });
    return;
  }
  const title = from.case_id ? live.state.cases[from.case_id]?.title : undefined;
  const [firstLine = ""] = text.split("\n");
  live.merge(
    await api.start({
      account_id: way.accountId,
      to: [way.address],
      subject: from.subject || title || firstLine.slice(0, TITLE_CHARS),
      text,
      client_id,
      attachment_ids,
      contact_id: from.contact_id,
      case_id: from.case_id,
    }),
  );
}
