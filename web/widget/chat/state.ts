/** The conversation as values: a pure reducer, so that any order and repetition of news ends the same. */
import type {
  Conversation,
  Greeting,
  Incident,
  Limits,
  Message,
  Pending,
  People,
  Person,
  Preference,
  Session,
  Standing,
  Wait,
} from "../types";

export interface State {
  phase: "starting" | "ready" | "refused";
  /** Why the server refused us, in its own words. */
  problem: string | null;
  online: boolean;
  greeting: Greeting | null;
  preference: Preference;
  channels: Session["channels"];
  /** An address that the visitor gave before. */
  email: string | null;
  /** To whom the matter may be taken now. */
  owner: Session["owner"];
  people: People;
  present: readonly Person[];
  /** Null while somebody attends. */
  wait: Wait | null;
  incidents: readonly Incident[];
  limits: Limits;
  /** Whether a copy can be sent by mail. */
  transcript: boolean;
  /** For how many days what they did alone would be kept. */
  trail: Session["trail"];
  visitorId: string | null;
  /** Whether the site has said who the visitor is: then their own cases are one step away. */
  identified: boolean;
  conversation: Conversation | null;
  /** All that was said with this visitor, also in conversations that are over. */
  messages: readonly Message[];
  pending: readonly Pending[];
  /** The name of the agent who is writing. */
  typing: string | null;
  /** The last position of the event log that is in here. */
  position: number;
}

export type Action =
  | { type: "session"; session: Session }
  | { type: "refused"; problem: string }
  | { type: "online"; online: boolean }
  | { type: "pending"; pending: readonly Pending[] }
  | { type: "message"; message: Message; position?: number }
  | { type: "sent"; message: Message; conversation: Conversation; people: People; wait: Wait | null }
  | { type: "standing"; standing: Standing; position?: number }
  | { type: "typing"; name: string | null }
  | { type: "read"; at: string }
  | { type: "position"; position: number }
  | { type: "answered"; id: string }
  | { type: "forget" }
  | { type: "reset" }
  | { type: "said"; said: Partial<Pick<State, "preference" | "email" | "wait" | "incidents">> };

export const initial: State = {
  phase: "starting",
  problem: null,
  online: true,
  greeting: null,
  preference: { prefers: "unknown", channel: null, tone: null },
  channels: [],
  email: null,
  owner: null,
  people: "away",
  present: [],
  wait: null,
  incidents: [],
  limits: { max_file_bytes: 0, max_text: 20_000, extensions: [] },
  transcript: false,
  trail: { shared: false, days: 0 },
  visitorId: null,
  identified: false,
  conversation: null,
  messages: [],
  pending: [],
  typing: null,
  position: 0,
};

export function reduce(state: State, action: Action): State {
  switch (action.type) {
    case "session":
      return started(state, action.session);
    case "refused":
      return { ...state, phase: "refused", problem: action.problem };
    case "online":
      return changed(state, "online", action.online);
    case "pending":
      return { ...state, pending: unconfirmed(action.pending, state.messages) };
    case "message":
      return withMessage(advanced(state, action.position), action.message);
    case "sent":
      return withMessage(
        { ...state, people: action.people, wait: action.wait, conversation: merged(state.conversation, action.conversation) },
        action.message,
      );
    case "standing":
      return standing(advanced(state, action.position), action.standing);
    case "typing":
      return changed(state, "typing", action.name);
    case "read":
      return withRead(state, action.at);
    case "said":
      return { ...state, ...action.said };
    case "position":
      return advanced(state, action.position);
    case "answered":
      return { ...state, messages: state.messages.map((one) => (one.id === action.id ? { ...one, asks: null } : one)) };
    case "forget": // whether the network is here does not depend on who is
      return { ...initial, online: state.online };
    case "reset": // the log does not reach back to where we were: the next snapshot counts, whatever its place
      return { ...state, position: 0 };
  }
}

/** The same state where nothing changed, so that nothing is drawn anew. */
function changed<Part extends keyof State>(state: State, part: Part, value: State[Part]): State {
  return state[part] === value ? state : { ...state, [part]: value };
}

/** How many answers of the conversation the visitor has not seen; the mark says nothing of former ones. */
export function unread({ conversation, messages }: State): number {
  const seen = instant(conversation?.contact_read_at);
  const isNew = (one: Message) => !one.mine && one.conversation_id === conversation?.id && instant(one.at) > seen;
  return messages.filter(isNew).length;
}

/** The last answer that reached us, which is what "read" speaks of. */
export function lastAnswer(state: State): Message | null {
  return lastOf(state.messages, (message) => !message.mine) ?? null;
}

/** As `findLast`, which older browsers do not have. */
export function lastOf<Item>(items: readonly Item[], fits: (item: Item) => boolean): Item | undefined {
  return [...items].reverse().find(fits);
}

export function instant(at: string | null | undefined): number {
  return at ? Date.parse(at) : 0;
}

function started(state: State, session: Session): State {
  const { conversation, greeting, preference, channels, email, owner, people, present, limits, transcript, trail, wait, position } =
    session;
  // News that overtook the snapshot stay, what was read meanwhile too; what belongs to another visitor goes.
  const same = state.visitorId === session.visitor_id;
  const overtaken = same && state.position > position;
  const known = same ? state.conversation : null;
  let messages = same ? state.messages : [];
  for (const message of conversation?.messages ?? []) messages = upsert(messages, message);
  return {
    ...state,
    incidents: session.incidents,
    phase: "ready",
    problem: null,
    online: true,
    greeting,
    preference,
    channels,
    email,
    owner,
    people,
    present,
    wait,
    limits,
    transcript,
    trail,
    visitorId: session.visitor_id,
    identified: session.identified,
    conversation:
      conversation &&
      merged(known, {
        id: conversation.id,
        status: conversation.status,
        agent: conversation.agent,
        beside: conversation.beside,
        waiting: conversation.waiting,
        agent_read_at: conversation.agent_read_at,
        contact_read_at: conversation.contact_read_at,
        ...(overtaken && known?.id === conversation.id ? standingOf(known) : {}),
      }),
    messages,
    pending: unconfirmed(state.pending, messages),
    typing: null,
    position: overtaken ? state.position : position,
  };
}

function standingOf({ status, agent, beside, waiting }: Conversation): Partial<Conversation> {
  return { status, agent, beside, waiting };
}

function withMessage(state: State, message: Message): State {
  const messages = upsert(state.messages, message);
  if (messages === state.messages) return state;
  // What was being written has come; news of an earlier answer says nothing of the next one.
  const fresh = !message.mine && !state.messages.some(({ id }) => id === message.id);
  const typing = fresh ? null : state.typing;
  return { ...state, messages, typing, pending: unconfirmed(state.pending, messages) };
}

function standing(state: State, news: Standing): State {
  if (!state.conversation) return state;
  return { ...state, conversation: merged(state.conversation, { ...state.conversation, ...news }) };
}

/** Takes the news; marks of what was read only go forward. */
function merged(known: Conversation | null, news: Conversation): Conversation {
  if (known?.id !== news.id) return news;
  return {
    ...news,
    agent_read_at: later(known.agent_read_at, news.agent_read_at),
    contact_read_at: later(known.contact_read_at, news.contact_read_at),
  };
}

function withRead(state: State, at: string): State {
  if (!state.conversation || instant(at) <= instant(state.conversation.contact_read_at)) return state;
  return { ...state, conversation: { ...state.conversation, contact_read_at: at } };
}

function advanced(state: State, position: number | undefined): State {
  return position === undefined || position <= state.position ? state : { ...state, position };
}

function upsert(messages: readonly Message[], message: Message): readonly Message[] {
  const known = messages.find(({ id }) => id === message.id);
  if (known && known.version >= message.version) return messages;
  const others = known ? messages.filter(({ id }) => id !== message.id) : messages;
  let before = others.length - 1;
  for (let other = others[before]; other && isAfter(other, message); other = others[before]) before -= 1;
  return [...others.slice(0, before + 1), message, ...others.slice(before + 1)];
}

function isAfter(one: Message, other: Message): boolean {
  return instant(one.at) - instant(other.at) > 0 || (instant(one.at) === instant(other.at) && one.id > other.id);
}

function unconfirmed(pending: readonly Pending[], messages: readonly Message[]): readonly Pending[] {
  const confirmed = new Set(messages.map(({ client_id }) => client_id));
  return pending.filter(({ client_id }) => !confirmed.has(client_id));
}

function later(one: string | null, other: string | null): string | null {
  return instant(one) > instant(other) ? one : other;
}

/** The words that wait to be sent; an answer to a question stands at the question. */
export function written(pending: readonly Pending[]): readonly Pending[] {
  return pending.filter(({ answers }) => !answers);
}

/** The incidents, one of them with the visitor among those who are told. */
export function followed(incidents: readonly Incident[], id: string): readonly Incident[] {
  return incidents.map((one) => (one.id === id ? { ...one, follows: true } : one));
}

/** Whether a message that nobody wrote may say that something known works again: then that is looked at anew. */
export function mayBeOver(state: State, message: Message): boolean {
  return !message.author && state.incidents.length > 0;
}
