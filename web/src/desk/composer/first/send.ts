/** Sends on another channel of a person: where they are open there, else as a first message; now or later. */
import { desk as api, type NewConversation, type NewMessage, type Started } from "../../../api/desk";
import { scheduled, type Moment, type Scheduled } from "../../../api/scheduled";
import type { Conversation } from "../../../api/shapes";
import { t } from "../../../i18n/index.svelte";
import { live } from "../../../live/desk.svelte";
import { act } from "../../../ui/act.svelte";
import { toasts } from "../../../ui/toasts.svelte";
import { undoes } from "../elsewhere";
import { waiting } from "../scheduled.svelte";
import type { Way } from "../way";

const TITLE_CHARS = 120;

/** What of a message goes where it is no answer to what is open there. */
type Said = Pick<NewMessage, "text" | "client_id" | "attachment_ids" | "marks">;

/** Says something in a conversation that is open; returns what waits there, to be taken back or for its moment. */
export async function sayIn(
  conversationId: string,
  { text, client_id, attachment_ids, marks }: Said,
  moment: Moment | undefined,
): Promise<Scheduled | undefined> {
  const said = { text, client_id, attachment_ids, marks, kind: "reply" as const };
  const account = live.state.conversations[conversationId]?.account_id ?? "";
  if (moment || undoes(account)) {
    const kept = await scheduled.keep(conversationId, said, moment ?? {});
    waiting.put(kept);
    return kept;
  }
  live.merge({ message: await api.send(conversationId, said) });
  return undefined;
}

/** Begins a conversation; what waits in it can be taken back, or goes at its moment. */
export async function begin(
  first: Omit<NewConversation, "undo">,
  moment: Moment | undefined,
): Promise<{ conversation: Conversation; kept: Scheduled | undefined }> {
  const started = await api.start({ ...first, ...moment, undo: !moment && undoes(first.account_id) });
  return { conversation: started.conversation, kept: begun(started) };
}

/** Shows a conversation that we opened; returns its message while that waits. */
function begun({ conversation, message, scheduled: kept }: Started): Scheduled | undefined {
  live.merge({ conversation, ...(message ? { message } : {}) });
  if (kept) waiting.put(kept);
  return kept ?? undefined;
}

/** Answers on another channel, and says so with the way back while there is one. */
export async function answerElsewhere(
  way: Way,
  message: NewMessage,
  from: Conversation,
  moment: Moment | undefined,
  takeBack: (id: string) => Promise<void>,
): Promise<void> {
  const kept =
    "conversationId" in way
      ? await sayIn(way.conversationId, message, moment)
      : (await begin(firstOf(way, message, from), moment)).kept;
  const undo = kept && { label: t.common.undo, run: () => void act(() => takeBack(kept.id)) };
  toasts.say(moment ? t.composing.later.planned : t.desk.composer.started, undo);
}

function firstOf(
  way: Extract<Way, { accountId: string }>,
  { text, client_id, attachment_ids, marks }: NewMessage,
  from: Conversation,
): Omit<NewConversation, "undo"> {
  const title = from.case_id ? live.state.cases[from.case_id]?.title : undefined;
  const [firstLine = ""] = text.split("\n");
  return {
    account_id: way.accountId,
    to: [way.address],
    subject: from.subject || title || firstLine.slice(0, TITLE_CHARS),
    text,
    client_id,
    attachment_ids,
    marks,
    contact_id: from.contact_id,
    case_id: from.case_id,
  };
}
