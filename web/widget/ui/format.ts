/** Times, sizes and links, as the visitor's language writes them. */
import { html, type TemplateResult } from "lit";

const DAY_MS = 86_400_000;

/** The time; with its day when it was not today. */
export function time(at: string, language: string, now = new Date()): string {
  const date = new Date(at);
  const clock: Intl.DateTimeFormatOptions = { hour: "numeric", minute: "2-digit" };
  const day: Intl.DateTimeFormatOptions = date.toDateString() === now.toDateString() ? {} : { day: "numeric", month: "short" };
  return new Intl.DateTimeFormat(language, { ...day, ...clock }).format(date);
}

/** The time of day alone. */
export function clock(at: string, language: string): string {
  return new Intl.DateTimeFormat(language, { hour: "numeric", minute: "2-digit" }).format(new Date(at));
}

/** A day as people say it: the weekday, and the date when it is not within the week. */
export function day(at: string, language: string, now = new Date()): string {
  const date = new Date(at);
  const soon = Math.abs(date.getTime() - now.getTime()) < 6 * DAY_MS;
  const parts: Intl.DateTimeFormatOptions = soon ? { weekday: "long" } : { weekday: "long", day: "numeric", month: "long" };
  return new Intl.DateTimeFormat(language, parts).format(date);
}

export function size(bytes: number, language: string): string {
  if (bytes < 1_000) return `${bytes} B`;
  const [unit, per] = bytes >= 1_000_000 ? ["megabyte", 1_000_000] : ["kilobyte", 1_000];
  return new Intl.NumberFormat(language, {
    style: "unit",
    unit: String(unit),
    unitDisplay: "short",
    maximumFractionDigits: bytes < 10 * Number(per) ? 1 : 0,
  }).format(bytes / Number(per));
}

/** Text with its web addresses as links; everything else stays text. */
export function linked(text: string): (string | TemplateResult)[] {
  return text.split(/(https?:\/\/[^\s<>"']+[^\s<>"'.,;:!?)\]}])/).map((part, index) =>
    index % 2 ? html`<a href=${part} target="_blank" rel="noopener noreferrer nofollow">${part}</a>` : part,
  );
}
