/** An amount as the reader's language writes it; a currency that it does not know keeps its letters. */
export function money(total: string | number, currency: string, language: string): string {
  const value = Number(total);
  try {
    return new Intl.NumberFormat(language, { style: "currency", currency, currencyDisplay: "code" }).format(value);
  } catch {
    return `${currency} ${value}`;
  }
}

/** A share of people as a whole number of a hundred; nothing where there is nobody. */
export function ofAHundred(part: number, whole: number, language: string): string {
  if (!whole) return "–";
  return new Intl.NumberFormat(language, { style: "percent", maximumFractionDigits: 1 }).format(part / whole);
}
