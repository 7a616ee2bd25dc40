/**
 * What a desk that is open for days lets go: what is over and on no screen. Loaded once there is something to forget,
 * so that it weighs nothing at the start.
 */
import { live } from "../live/desk.svelte";
import type { ById, DeskState } from "../live/state";
import { inbox } from "./inbox.svelte";
import { opened } from "./opened.svelte";

/** So many of each kind that nothing needs are kept all the same: somebody may have them on a page. */
export const SPARED = 200;
const SPARED_MESSAGES = 1_000;

/** What is needed, and of the rest what came last; the same object when that is all. */
function kept<Entity>(all: ById<Entity>, needs: (one: Entity) => boolean, spared: number): ById<Entity> {
  const loose = Object.entries(all).filter(([, one]) => !needs(one));
  if (loose.length <= spared) return all;
  const gone = new Set(loose.slice(0, loose.length - spared).map(([id]) => id));
  return Object.fromEntries(Object.entries(all).filter(([id]) => !gone.has(id)));
}

/**
 * The state without what is over: conversations that ended, work that is done, people and cases that only those
 * named, messages of other people than the one on the screen. Pure.
 */
export function withoutWhatIsOver(
  state: DeskState,
  screen: {
    readonly conversationId: string | null;
    readonly contactId: string | undefined;
    readonly listed: ReadonlySet<string>;
  },
  [spared, sparedMessages]: readonly [number, number] = [SPARED, SPARED_MESSAGES],
): DeskState {
  const { conversationId, contactId, listed } = screen;
  const interactions = kept(
    state.interactions,
    (one) => ["offered", "accepted", "wrap_up"].includes(one.state) || one.conversation_id === conversationId,
    spared,
  );
  const worked = new Set(Object.values(interactions).map((one) => one.conversation_id));
  const conversations = kept(
    state.conversations,
    (one) =>
      one.status !== "closed" ||
      one.trouble !== null ||
      one.id === conversationId ||
      one.contact_id === contactId ||
      listed.has(one.id) ||
      worked.has(one.id),
    spared,
  );
  const named = Object.values(conversations);
  const tasks = Object.values(state.tasks);
  const caseIds = new Set([...named, ...tasks].map((one) => one.case_id));
  const cases = kept(state.cases, (one) => caseIds.has(one.id), spared);
  const people = new Set([...named, ...Object.values(cases)].map((one) => one.contact_id));
  const contacts = kept(state.contacts, (one) => people.has(one.id), spared);
  const messages = kept(
    state.messages,
    (one) => (conversations[one.conversation_id]?.contact_id ?? one.contact_id) === contactId,
    sparedMessages,
  );
  return { ...state, conversations, contacts, cases, interactions, messages };
}

/** Lets go what is over; what the screen shows stays. */
export function forget(): void {
  const screen = {
    conversationId: opened.id,
    contactId: opened.conversation?.contact_id,
    listed: new Set(inbox.rows.map((row) => row.conversation.id)),
  };
  live.change((state) => withoutWhatIsOver(state, screen));
}
