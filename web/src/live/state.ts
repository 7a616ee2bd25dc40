/**
 * What the desk knows, and how an event changes it. Pure: the same snapshot and events give the same state,
 * and entities that arrive twice or late change nothing.
 */
import type {
  Account,
  Agent,
  Case,
  Contact,
  Conversation,
  Gesture,
  Interaction,
  Message,
  Presence,
  Task,
} from "../api/shapes";
import type { Clock } from "./promises.svelte";

export type ById<Entity> = Readonly<Record<string, Entity>>;

export interface DeskState {
  readonly position: number;
  /** More is open than the snapshot held: the tabs go on at the server. */
  readonly truncated: boolean;
  readonly conversations: ById<Conversation>;
  readonly contacts: ById<Contact>;
  readonly cases: ById<Case>;
  readonly interactions: ById<Interaction>;
  readonly presences: ById<Presence>;
  readonly agents: ById<Agent>;
  readonly accounts: ById<Account>;
  readonly messages: ById<Message>;
  readonly tasks: ById<Task>;
}

export const NOTHING: DeskState = {
  position: 0,
  truncated: false,
  conversations: {},
  contacts: {},
  cases: {},
  interactions: {},
  presences: {},
  agents: {},
  accounts: {},
  messages: {},
  tasks: {},
};

/** An entry of the event log as the stream carries it; `data` holds whole entities by their name. */
/** What a conversation or a case is tagged with. */
export interface Tagged {
  readonly id: string;
  readonly tags: readonly { id: string; name: string }[];
}

export interface DeskEvent {
  readonly id: number;
  readonly type: string;
  readonly data: Entities & { readonly sla?: Clock; readonly tagged?: Tagged; readonly gesture?: Gesture };
}

/** One or many entities in the shape of events, snapshots and answers alike. */
export interface Entities {
  readonly conversation?: Conversation;
  readonly contact?: Contact;
  readonly case?: Case | null;
  readonly interaction?: Interaction;
  readonly presence?: Presence;
  readonly agent?: Agent;
  readonly account?: Account;
  readonly message?: Message;
  readonly task?: Task;
  readonly conversations?: readonly Conversation[];
  readonly contacts?: readonly Contact[];
  readonly cases?: readonly Case[];
  readonly interactions?: readonly Interaction[];
  readonly presences?: readonly Presence[];
  readonly agents?: readonly Agent[];
  readonly accounts?: readonly Account[];
  readonly messages?: readonly Message[];
  readonly tasks?: readonly Task[];
}

/** Puts entities in by key; where both carry a version the higher one stays. What is as it was changes nothing. */
function put<Entity extends object>(
  known: ById<Entity>,
  one: Entity | null | undefined,
  many: readonly Entity[] | undefined,
  key: (entity: Entity) => string,
): ById<Entity> {
  const incoming = [...(many ?? []), ...(one ? [one] : [])];
  const newer = incoming.filter((entity) => {
    const before = known[key(entity)];
    return !isOlder(entity, before) && !isSame(entity, before);
  });
  if (!newer.length) return known;
  return { ...known, ...Object.fromEntries(newer.map((entity) => [key(entity), entity])) };
}

function isOlder(incoming: object, known: object | undefined): boolean {
  if (!known || !("version" in known) || !("version" in incoming)) return false;
  return Number(incoming.version) < Number(known.version);
}

function isSame(incoming: object, known: object | undefined): boolean {
  return known !== undefined && JSON.stringify(incoming) === JSON.stringify(known);
}

const byId = (entity: { id: string }): string => entity.id;

/** Adds what was fetched, without moving the place in the event log; the same state when it brought nothing new. */
export function merge(state: DeskState, entities: Entities): DeskState {
  const next: DeskState = {
    position: state.position,
    truncated: state.truncated,
    conversations: put(state.conversations, entities.conversation, entities.conversations, byId),
    contacts: put(state.contacts, entities.contact, entities.contacts, byId),
    cases: put(state.cases, entities.case, entities.cases, byId),
    interactions: put(state.interactions, entities.interaction, entities.interactions, byId),
    presences: put(state.presences, entities.presence, entities.presences, (one) => one.agent_id),
    agents: put(state.agents, entities.agent, entities.agents, byId),
    accounts: put(state.accounts, entities.account, entities.accounts, byId),
    messages: put(state.messages, entities.message, entities.messages, byId),
    tasks: put(state.tasks, entities.task, entities.tasks, byId),
  };
  const parts = Object.keys(next) as (keyof DeskState)[];
  return parts.every((part) => next[part] === state[part]) ? state : next;
}

/**
 * The state of a fresh snapshot. What a snapshot never holds (closed conversations, messages, people, tasks) is kept
 * for the screen; what is open or needs a hand and is not in it does so no longer, or is fetched again with its
 * page when there was too much: it is dropped.
 */
export function fromSnapshot(
  snapshot: Entities & { position: number; truncated?: boolean },
  before: DeskState = NOTHING,
): DeskState {
  const closed = Object.entries(before.conversations).filter(
    ([, one]) => (one.status === "closed" || one.spam) && one.trouble === null,
  );
  const { contacts, cases, messages, tasks } = before;
  const kept: DeskState = {
    ...NOTHING,
    conversations: Object.fromEntries(closed),
    contacts,
    cases,
    messages,
    tasks,
  };
  const { position, truncated = false } = snapshot;
  return { ...merge(kept, snapshot), position, truncated };
}

/** The state after one event; an event at or before the known position changes nothing. */
export function apply(state: DeskState, event: DeskEvent): DeskState {
  if (event.id <= state.position) return state;
  return { ...merge(state, event.data), position: event.id };
}

/** The state without the messages that nobody keeps. */
export function keepMessages(state: DeskState, keep: (message: Message) => boolean): DeskState {
  const kept = Object.entries(state.messages).filter(([, message]) => keep(message));
  return { ...state, messages: Object.fromEntries(kept) };
}
