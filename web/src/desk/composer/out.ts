/** Hands on what was written in a conversation: taken out of its draft at once, and put back where it could not go. */
import type { NewMessage } from "../../api/desk";
import type { Moment } from "../../api/scheduled";
import type { Conversation } from "../../api/shapes";
import { me } from "../../access/session.svelte";
import type { Submission } from "../../ui/act.svelte";
import { changeDraft } from "./change";
import { above, without, type Draft } from "./drafts";
import { undoes } from "./elsewhere";
import { noteOurs } from "./ours";
import { outgoing } from "./outgoing.svelte";
import type { Way } from "./way";

/** What goes out, as it was when that was said: what comes of it may come when something else is on the screen. */
export interface Out {
  draft: Draft;
  message: NewMessage;
  moment: Moment | undefined;
  /** The other channel that it goes by. */
  way: Way | undefined;
  from: Conversation;
}

/** Hands it on, by the other channel as a `sending` whose error says why it came back; answers whether it went. */
export async function handOut(
  { draft, message, moment, way, from }: Out,
  sending: Submission,
  takeBack: (id: string) => Promise<void>,
): Promise<boolean> {
  noteOurs(message.client_id);
  changeDraft(from.id, draft.mode, (now) => without(draft, now));
  if (way) {
    const done = await sending.run(async () => {
      const { answerElsewhere } = await import("./first/send");
      await answerElsewhere(way, message, from, moment, takeBack);
    });
    if (!done) changeDraft(from.id, draft.mode, (now) => above(draft, now));
    return done;
  }
  const undo = undoes(from.account_id) ? {} : undefined;
  outgoing.send({
    userId: me.session.user.id,
    conversationId: from.id,
    contactId: from.contact_id,
    message,
    moment: draft.mode === "note" ? undefined : (moment ?? undo),
  });
  return true;
}
