/** What is to do about an article, in one word for each language, the most urgent first. */
import type { Article, Translation } from "./api";

export type Standing = "stale" | "unpublished" | "drafted" | "published";

export function standing(text: Translation): Standing {
  if (text.stale) return "stale";
  if (text.published === null) return "unpublished";
  return text.drafted ? "drafted" : "published";
}

export const TONES = {
  stale: "wait",
  unpublished: "plain",
  drafted: "thread",
  published: "solved",
} as const;

/** The title in the reader's language, else in the one it was written in. */
export function titleOf(article: Article, language: string): string {
  const own = article.translations.find((text) => text.language === language);
  return (own ?? article.translations[0])?.title ?? "";
}

/** Whether somebody should look today whether it still holds; `today` as the server writes a date. */
export function isDue(article: Article, today: string): boolean {
  return article.review_at !== null && article.review_at <= today;
}

/** The day this many months from a day, as the server writes a date. */
export function monthsFrom(day: Date, months: number): string {
  return new Date(Date.UTC(day.getFullYear(), day.getMonth() + months, Math.min(day.getDate(), 28)))
    .toISOString()
    .slice(0, 10);
}
