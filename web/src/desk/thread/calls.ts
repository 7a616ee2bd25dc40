/** What is shown of a call, read from its messages: legs, prompts, keys, recording and transcript. Pure. */
import type { Attachment, Message } from "../../api/shapes";

/** One turn of a transcript; `at_s` are seconds from the beginning. */
export interface Turn {
  readonly who: string;
  readonly text: string;
  readonly at_s?: number;
}

export interface Call {
  readonly began: Date;
  /** Seconds; undefined while it is not known. */
  readonly duration_s: number | undefined;
  /** Who of us spoke. */
  readonly agents: readonly string[];
  readonly recording: Attachment | undefined;
  readonly transcript: readonly Turn[];
  /** What was played to the caller and what they dialled, in order. */
  readonly steps: readonly Message[];
  /** What the line itself says of it, such as that nobody answered. */
  readonly said: readonly string[];
}

const number = (value: unknown): number | undefined =>
  typeof value === "number" && Number.isFinite(value) && value >= 0 ? value : undefined;

function turnsOf(message: Message): Turn[] {
  const { turns } = message.payload;
  if (!Array.isArray(turns)) return message.text ? [{ who: "", text: message.text }] : [];
  return turns.flatMap((turn: unknown) => {
    if (typeof turn !== "object" || turn === null || !("text" in turn)) return [];
    const at_s = number("at_s" in turn ? turn.at_s : undefined);
    return [
      {
        who: "who" in turn ? String(turn.who) : "",
        text: String(turn.text),
        ...(at_s === undefined ? {} : { at_s }),
      },
    ];
  });
}

/** A call from its messages, the oldest first; at least one. */
export function callOf(messages: readonly Message[]): Call {
  const of = (...kinds: Message["kind"][]): Message[] => messages.filter((one) => kinds.includes(one.kind));
  const legs = of("leg");
  const recordings = of("recording");
  const lengths = [...legs, ...recordings]
    .map((one) => number(one.payload.duration_s))
    .filter((one) => one !== undefined);
  return {
    began: new Date(Math.min(...messages.map((one) => Date.parse(one.occurred_at)))),
    duration_s: lengths.length ? Math.max(...lengths) : undefined,
    agents: [
      ...new Set(legs.filter((one) => one.author_kind === "agent" && one.author_name).map((one) => one.author_name)),
    ],
    recording: recordings
      .flatMap((one) => one.attachments)
      .find((file) => file.content_type.startsWith("audio/")),
    transcript: of("transcript").flatMap(turnsOf),
    steps: of("prompt", "keys"),
    said: legs.map((one) => one.text).filter(Boolean),
  };
}

/** Which turn is being said at a position: the latest one that has begun; -1 before any. */
export function turnAt(turns: readonly Turn[], position_s: number): number {
  return turns.reduce(
    (found, { at_s }, index) =>
      at_s !== undefined && at_s <= position_s && at_s >= (turns[found]?.at_s ?? 0) ? index : found,
    -1,
  );
}

/** Minutes and seconds as they are read: `4:10`, `1:02:07`. */
export function clockLength(duration_s: number): string {
  const whole = Math.round(duration_s);
  const [hours, minutes, seconds] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  const two = (value: number): string => value.toString().padStart(2, "0");
  return hours ? `${hours.toString()}:${two(minutes)}:${two(seconds)}` : `${minutes.toString()}:${two(seconds)}`;
}
