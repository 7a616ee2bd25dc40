/** A day without a time, as people read it: the same day everywhere on earth. Pure. */
import type { Language } from "../i18n/languages";

const LOCALES: Record<Language, string> = { es: "es-419", en: "en", pt: "pt-BR" };

/** Nothing for what is no bare day. */
export function day(at: string, language: Language): string | undefined {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(at)) return undefined;
  const options = { day: "numeric", month: "short", year: "numeric", timeZone: "UTC" } as const;
  return new Intl.DateTimeFormat(LOCALES[language], options).format(new Date(`${at}T00:00:00Z`));
}
