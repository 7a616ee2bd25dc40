/** Whether a place is open, in one sentence, by its own clock. */
import type { Language } from "../i18n/languages";
import type { CalendarPreview } from "./api";

interface Words {
  open: (until: string) => string;
  openAlways: string;
  closed: (until: string) => string;
  closedAlways: string;
}

export function openness(
  now: Pick<CalendarPreview, "open" | "opens_at" | "closes_at">,
  zone: string,
  language: Language,
  words: Words,
): string {
  const said = (at: string): string =>
    new Intl.DateTimeFormat(language, {
      weekday: "long",
      hour: "2-digit",
      minute: "2-digit",
      hourCycle: "h23",
      timeZone: zone,
    }).format(new Date(at));
  if (now.open) return now.closes_at ? words.open(said(now.closes_at)) : words.openAlways;
  return now.opens_at ? words.closed(said(now.opens_at)) : words.closedAlways;
}

/** A stretch of open time by the clock on the wall: "09:00–13:00". */
export function stretch(start: string, end: string, zone: string, language: Language): string {
  const format = new Intl.DateTimeFormat(language, {
    hour: "2-digit",
    minute: "2-digit",
    hourCycle: "h23",
    timeZone: zone,
  });
  const until = format.format(new Date(end));
  return `${format.format(new Date(start))}–${until === "00:00" ? "24:00" : until}`;
}
