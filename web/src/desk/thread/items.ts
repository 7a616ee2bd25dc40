/** Turns messages and stretches of work into what stands on the line, from the oldest to the latest. Pure. */
import type { Conversation, Interaction, Message } from "../../api/shapes";
import type { ById } from "../../live/state";
import type { Aside } from "../asides.svelte";

export type Item =
  | { kind: "mark"; key: string; at: number; day: boolean; channel: string | undefined }
  | { kind: "message"; key: string; at: number; message: Message; subject: string }
  | { kind: "aside"; key: string; at: number; aside: Aside }
  | {
      kind: "work";
      key: string;
      at: number;
      what: "accepted" | "declined" | "ended";
      interaction: Interaction;
    };

const dayOf = (at: number): string => new Date(at).toDateString();

function workOf(interaction: Interaction): Item[] {
  const items: Item[] = [];
  const add = (what: "accepted" | "declined" | "ended", at: string | null): void => {
    if (at)
      items.push({ kind: "work", key: `${interaction.id}-${what}`, at: Date.parse(at), what, interaction });
  };
  add("accepted", interaction.accepted_at);
  if (interaction.state === "declined") add("declined", interaction.ended_at ?? interaction.offered_at);
  else if (interaction.state === "ended" && interaction.accepted_at) add("ended", interaction.ended_at);
  return items;
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
): Item[] {
  const events: Exclude<Item, { kind: "mark" }>[] = [
    ...messages.map((message) => ({
      kind: "message" as const,
      key: message.client_id ?? message.id,
      at: Date.parse(message.created_at),
      message,
      subject: "",
    })),
    ...interactions.flatMap(workOf).filter((item) => item.kind !== "mark"),
    ...asides.map((aside) => ({ kind: "aside" as const, key: aside.key, at: aside.at, aside })),
  ];
  events.sort((a, b) => a.at - b.at || a.key.localeCompare(b.key));
  return withMarks(events, conversations);
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
  events: readonly Exclude<Item, { kind: "mark" }>[],
  conversations: ById<Conversation>,
): Item[] {
  const items: Item[] = [];
  let day = "";
  let channel: string | undefined;
  const subjects = new Map<string, string>();
  for (const event of events) {
    const today = dayOf(event.at);
    const by = event.kind === "message" ? conversations[event.message.conversation_id]?.channel : undefined;
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
