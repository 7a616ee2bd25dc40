/** Amounts of money as people read them; pure. */
import type { Language } from "../i18n/languages";

/**
 * An amount in the reader's words and as its own country writes it: `ARS 849.990,00`, `MXN 849,990.00`. A currency's
 * letters begin with its country's (ISO 4217); where that says nothing about the language, the language alone decides.
 * What is no currency keeps its letters.
 */
export function money(amount: string | number, currency: string, language: Language): string {
  const options = { style: "currency", currency, currencyDisplay: "code" } as const;
  try {
    return new Intl.NumberFormat(`${language}-${currency.slice(0, 2)}`, options).format(Number(amount));
  } catch {
    return `${currency} ${Number(amount)}`;
  }
}
