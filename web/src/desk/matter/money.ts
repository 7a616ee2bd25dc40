/** Amounts of money as people read them; pure. The server keeps them as texts, so that nothing is rounded. */
import type { Language } from "../../i18n/languages";

const LOCALES: Record<Language, string> = { es: "es-419", en: "en", pt: "pt-BR" };

export function money(amount: string, currency: string, language: Language): string {
  const options = { style: "currency", currency, currencyDisplay: "code" } as const;
  return new Intl.NumberFormat(LOCALES[language], options).format(Number(amount));
}

/** An amount as the server takes it, from how people write it; undefined for what is none. */
export function amountOf(typed: string): string | undefined {
  const plain = typed.trim().replace(",", ".");
  return /^\d{1,10}(\.\d{1,2})?$/.test(plain) ? plain : undefined;
}
