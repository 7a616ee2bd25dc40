/** The emoji with their names in a language: fetched when somebody looks for one, and kept for the page. */
import type { Language } from "../../../i18n/languages";
import { prepared, type Emoji, type Raw } from "./find";

interface Json<Value> {
  default: Value;
}
const NAMES: Record<Language, () => Promise<Json<readonly Raw[]>>> = {
  es: () => import("emojibase-data/es/compact.json"),
  en: () => import("emojibase-data/en/compact.json"),
  pt: () => import("emojibase-data/pt/compact.json"),
};
const kept: Partial<Record<Language, Promise<Emoji[]>>> = {};

export function emoji(language: Language): Promise<Emoji[]> {
  const asked = kept[language] ?? fetched(language);
  kept[language] = asked;
  asked.catch(() => {
    Reflect.deleteProperty(kept, language); // the line was lost: the next one asks again
  });
  return asked;
}

async function fetched(language: Language): Promise<Emoji[]> {
  const [names, codes] = await Promise.all([
    NAMES[language](),
    import("emojibase-data/en/shortcodes/iamcal.json"),
  ]);
  return prepared(names.default, codes.default);
}
