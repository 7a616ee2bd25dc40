/** The languages that every visible text exists in, and which of them a browser would like. */
export const LANGUAGES = ["es", "en", "pt"] as const;
export type Language = (typeof LANGUAGES)[number];

/** Each language by its own name, as it is offered to somebody who reads no other. */
export const LANGUAGE_NAMES: Record<Language, string> = { es: "Español", en: "English", pt: "Português" };

export function isLanguage(value: unknown): value is Language {
  return LANGUAGES.some((language) => language === value);
}

/** The first of the preferred tags (BCP 47, best first) that Trato speaks; Spanish otherwise. */
export function preferred(tags: readonly string[]): Language {
  for (const tag of tags) {
    const language = tag.slice(0, 2).toLowerCase();
    if (isLanguage(language)) return language;
  }
  return "es";
}
