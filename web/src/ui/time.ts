/** How moments and durations are said; pure, the present and the language are arguments. */
import type { Language } from "../i18n/languages";

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/** Spanish and Portuguese as they are written in Latin America. */
const LOCALES: Record<Language, string> = { es: "es-419", en: "en", pt: "pt-BR" };

const formats = new Map<string, Intl.DateTimeFormat>();

function format(language: Language, key: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const id = `${language} ${key}`;
  let made = formats.get(id);
  if (!made) formats.set(id, (made = new Intl.DateTimeFormat(LOCALES[language], options)));
  return made;
}

/**
 * A waiting time as it is read at a glance: `0:42`, `18 min`, `3 h`, `2 d`.
 * Below ten minutes seconds count; a negative duration (clocks differ) reads as zero.
 */
export function elapsed(durationMs: number): string {
  const passed = Math.max(0, durationMs);
  if (passed < 10 * MINUTE_MS) {
    const seconds = Math.floor(passed / 1000);
    return `${Math.floor(seconds / 60).toString()}:${(seconds % 60).toString().padStart(2, "0")}`;
  }
  if (passed < HOUR_MS) return `${Math.floor(passed / MINUTE_MS).toString()} min`;
  if (passed < 2 * DAY_MS) return `${Math.floor(passed / HOUR_MS).toString()} h`;
  return `${Math.floor(passed / DAY_MS).toString()} d`;
}

/** The hour and minute of a moment: `18:20`. */
export function timeOfDay(at: Date, language: Language): string {
  return format(language, "time", { hour: "2-digit", minute: "2-digit", hourCycle: "h23" }).format(at);
}

function startOfDay(at: Date): number {
  return new Date(at.getFullYear(), at.getMonth(), at.getDate()).getTime();
}

/** Whole days of the calendar from one moment to another; negative when `to` lies before. */
export function daysBetween(from: Date, to: Date): number {
  return Math.round((startOfDay(to) - startOfDay(from)) / DAY_MS);
}

/** The day of a moment as a mark in a thread: today, yesterday, `12 nov` or, in another year, `12 nov 2024`. */
export function dayMark(
  at: Date,
  now: Date,
  language: Language,
  words: { today: string; yesterday: string },
): string {
  const ago = daysBetween(at, now);
  if (ago === 0) return words.today;
  if (ago === 1) return words.yesterday;
  return shortDate(at, now, language);
}

/** A date without its hour, with the year only when it is not this one. */
export function shortDate(at: Date, now: Date, language: Language): string {
  const sameYear = at.getFullYear() === now.getFullYear();
  const options: Intl.DateTimeFormatOptions = { day: "numeric", month: "short" };
  if (!sameYear) options.year = "numeric";
  return format(language, sameYear ? "day" : "day-year", options)
    .format(at)
    .replace(/ de /g, " ")
    .replace(/\./g, "");
}

/** Date and hour in full, for tooltips and tables. */
export function fullMoment(at: Date, language: Language): string {
  return format(language, "full", {
    dateStyle: "medium",
    timeStyle: "short",
    hourCycle: "h23",
  }).format(at);
}

/** The same on the clock of another zone. */
export function fullMomentIn(at: Date, language: Language, timeZone: string): string {
  return format(language, `full ${timeZone}`, {
    dateStyle: "medium",
    timeStyle: "short",
    hourCycle: "h23",
    timeZone,
  }).format(at);
}

/** A promised moment: the hour when it is today, else the weekday within a week, else the date. */
export function promised(at: Date, now: Date, language: Language): string {
  const ahead = daysBetween(now, at);
  if (ahead === 0) return timeOfDay(at, language);
  if (ahead > 0 && ahead < 7)
    return format(language, "weekday", { weekday: "short" }).format(at).replace(".", "");
  return shortDate(at, now, language);
}

/** When something that is put off comes back: as a promised moment, with the hour on the days of a week ahead. */
export function backAt(at: Date, now: Date, language: Language): string {
  const ahead = daysBetween(now, at);
  const day = promised(at, now, language);
  return ahead > 0 && ahead < 7 ? `${day} ${timeOfDay(at, language)}` : day;
}

/** Bytes as people read them: `840 B`, `12 kB`, `3,4 MB` (decimal units). */
export function fileSize(bytes: number, language: Language): string {
  const [value, unit] =
    bytes < 1000 ? [bytes, "B"] : bytes < 1_000_000 ? [bytes / 1000, "kB"] : [bytes / 1_000_000, "MB"];
  const digits = value < 10 && unit !== "B" ? 1 : 0;
  return `${new Intl.NumberFormat(LOCALES[language], { maximumFractionDigits: digits }).format(value)} ${unit}`;
}
