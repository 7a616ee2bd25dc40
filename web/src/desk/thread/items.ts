/** Turns messages, calls and stretches of work into what stands on the line, from the oldest to the latest. Pure. */
import type { Conversation, Interaction, Message, MessageKind } from "../../api/shapes";
import type { ById } from "../../live/state";
import type { Aside } from "../asides.svelte";
import { isFresh } from "./stretch";

export type Item =
  | { kind: "mark"; key: string; at: number; day: boolean; channel: string | undefined }
  | { kind: "message"; key: string; at: number; message: Message; subject: string }
  | { kind: "call"; key: string; at: number; messages: readonly Message[] }
  | { kind: "fresh"; key: string; at: number }
  | { kind: "aside"; key: string; at: number; aside: Aside }
  | {
      kind: "work";
      key: string;
      at: number;
      what: "accepted" | "declined" | "ended";
      interaction: Interaction;
    };

type Event = Exclude<Item, { kind: "mark" | "fresh" }>;

const dayOf = (at: number): string => new Date(at).toDateString();

function workOf(interaction: Interaction): Event[] {
  const items: Event[] = [];
  const add = (what: "accepted" | "declined" | "ended", at: string | null): void => {
    if (at)
      items.push({ kind: "work", key: `${interaction.id}-${what}`, at: Date.parse(at), what, interaction });
  };
  add("accepted", interaction.accepted_at);
  if (interaction.state === "declined") add("declined", interaction.ended_at ?? interaction.offered_at);
  else if (interaction.state === "ended" && interaction.accepted_at) add("ended", interaction.ended_at);
  return items;
}

/** What a call leaves behind. */
const OF_A_CALL: readonly MessageKind[] = ["leg", "prompt", "keys", "recording", "transcript"];

/** As what several messages are shown as one: a call is a conversation, what colleagues said of a case a day's talk. */
function oneOf({ payload, kind, case_id, conversation_id, created_at }: Message): string {
  if (payload.side) return `talk-${case_id ?? ""}-${dayOf(Date.parse(created_at))}`;
  return OF_A_CALL.includes(kind) ? `call-${conversation_id}` : "";
}

/** The calls and talks among messages, each at its beginning. */
function callsOf(messages: readonly Message[]): Event[] {
  const calls = new Map<string, Message[]>();
  for (const message of messages) calls.set(oneOf(message), [...(calls.get(oneOf(message)) ?? []), message]);
  return [...calls].map(([key, of]) => ({
    kind: "call",
    key,
    at: Math.min(...of.map((one) => Date.parse(one.created_at))),
    messages: of,
  }));
}

/** Up to when somebody had read, and who they are: what others said since begins with a mark. */
export interface Read {
  readonly since: number | null;
  readonly mine: string | null;
}

/**
 * Everything in the order in which it came, with a mark where a day begins and where the history goes on by
 * another channel. Messages of conversations that are not known here carry no channel. A message carries its
 * subject only where that is new in its conversation.
 */
export function itemsOf(
  messages: readonly Message[],
  interactions: readonly Interaction[],
  conversations: ById<Conversation>,
  asides: readonly Aside[] = [],
  read: Read = { since: null, mine: null },
): Item[] {
  const ofCall = messages.filter(oneOf);
  const events: Event[] = [
    ...callsOf(ofCall),
    ...messages.filter((message) => !oneOf(message)).map((message) => ({
      kind: "message" as const,
      key: message.client_id ?? message.id,
      at: Date.parse(message.created_at),
      message,
      subject: "",
    })),
    ...interactions.flatMap(workOf),
    ...asides.map((aside) => ({ kind: "aside" as const, key: aside.key, at: aside.at, aside })),
  ];
  events.sort((a, b) => a.at - b.at || a.key.localeCompare(b.key));
  return withFresh(withMarks(events, conversations), read);
}

/** The items with a mark where what is new to somebody begins. */
function withFresh(items: Item[], { since, mine }: Read): Item[] {
  if (since === null) return items;
  const first = items.findIndex((item) =>
    (item.kind === "message" ? [item.message] : item.kind === "call" ? item.messages : []).some((one) =>
      isFresh(one, since, mine),
    ),
  );
  if (first < 0) return items;
  // The mark of a day belongs to what it stands above.
  const place = items[first - 1]?.kind === "mark" ? first - 1 : first;
  return [...items.slice(0, place), { kind: "fresh", key: "fresh", at: since }, ...items.slice(place)];
}

/** The marks that mail programs put before the subject they answer or pass on. */
const ANSWERED = /^\s*((re|res|rv|fw|fwd|enc)(\[\d+\])?:\s*)+/i;

/** The subject of a message that came, where it is not what the conversation is about already. */
function newSubject(message: Message, known: Map<string, string>): string {
  const subject = message.subject?.trim() ?? "";
  if (!subject || message.direction === "internal") return "";
  const about = subject.replace(ANSWERED, "").toLowerCase();
  const before = known.get(message.conversation_id);
  known.set(message.conversation_id, about);
  return message.direction === "in" && about !== before ? subject : "";
}

function withMarks(
  events: readonly Event[],
  conversations: ById<Conversation>,
): Item[] {
  const items: Item[] = [];
  let day = "";
  let channel: string | undefined;
  const subjects = new Map<string, string>();
  for (const event of events) {
    const today = dayOf(event.at);
    const said = event.kind === "message" ? event.message : event.kind === "call" ? event.messages[0] : undefined;
    const by = said && !said.payload.side ? conversations[said.conversation_id]?.channel : undefined;
    const changed = by !== undefined && channel !== undefined && by !== channel;
    if (today !== day || changed) {
      items.push({
        kind: "mark",
        key: `mark-${event.key}`,
        at: event.at,
        day: today !== day,
        channel: changed ? by : undefined,
      });
    }
    items.push(event.kind === "message" ? { ...event, subject: newSubject(event.message, subjects) } : event);
    day = today;
    channel = by ?? channel;
  }
  return items;
}

/** Whether a message stands in an item. */
export function isOf(item: Item, id: string | undefined): boolean {
  if (id === undefined) return false;
  if (item.kind === "call") return item.messages.some((one) => one.id === id);
  return item.kind === "message" && item.message.id === id;
}
