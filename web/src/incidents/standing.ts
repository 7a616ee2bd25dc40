/** How an incident is said: its text in the reader's language, its colour, an hour in another place. Pure. */
import { LANGUAGES, type Language } from "../i18n/languages";

interface Standing {
  id: string;
  state: string;
  version: number;
}

/** What is open after one changed: what is over is gone, what is new comes first, what is late changes nothing. */
export function withChange<One extends Standing>(open: readonly One[], one: One): One[] {
  const before = open.find(({ id }) => id === one.id);
  if (before && before.version > one.version) return [...open];
  const others = open.filter(({ id }) => id !== one.id);
  if (one.state !== "open" && one.state !== "suspected") return others;
  return before ? open.map((known) => (known.id === one.id ? one : known)) : [one, ...others];
}

type Tone = "plain" | "thread" | "wait" | "broken" | "solved";

/** A text in this language, else in the first that it was written in. */
export function textIn(texts: Readonly<Record<string, string>>, language: Language): string {
  const written = [language, ...LANGUAGES].map((one) => texts[one]).find(Boolean);
  return written ?? Object.values(texts).find(Boolean) ?? "";
}

/** What was written, without the languages left empty. */
export function written(texts: Readonly<Record<string, string>>): Record<string, string> {
  const trimmed = Object.entries(texts).map(([language, text]) => [language, text.trim()] as const);
  return Object.fromEntries(trimmed.filter(([, text]) => text));
}

export const TONES: Readonly<Record<string, Tone>> = {
  suspected: "wait",
  planned: "thread",
  ongoing: "broken",
  resolved: "solved",
  dismissed: "plain",
};

/** The instant at which clocks in a time zone show this local time (`2026-11-27T22:00`), or null. */
export function instantIn(zone: string, local: string): string | null {
  const wished = Date.parse(`${local}Z`);
  if (Number.isNaN(wished)) return null;
  // Twice: the first guess may lie on the other side of a change of clocks.
  let at = wished - offset(zone, wished);
  at = wished - offset(zone, at);
  return new Date(at).toISOString();
}

/** What clocks in a time zone show at an instant, as a field of date and time takes it. */
export function localIn(zone: string, instant: string): string {
  const at = Date.parse(instant);
  return new Date(at + offset(zone, at)).toISOString().slice(0, 16);
}

/** By how many milliseconds clocks in a zone are ahead of UTC. */
function offset(zone: string, at: number): number {
  const parts = new Intl.DateTimeFormat("en", {
    timeZone: zone,
    hourCycle: "h23",
    year: "numeric",
    month: "numeric",
    day: "numeric",
    hour: "numeric",
    minute: "numeric",
    second: "numeric",
  }).formatToParts(at);
  const value = (type: string): number => Number(parts.find((part) => part.type === type)?.value);
  const shown = Date.UTC(
    value("year"),
    value("month") - 1,
    value("day"),
    value("hour"),
    value("minute"),
    value("second"),
  );
  return shown - Math.floor(at / 1000) * 1000;
}
