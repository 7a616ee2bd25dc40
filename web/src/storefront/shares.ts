/** A share of people as a whole number of a hundred; nothing where there is nobody. */
export function ofAHundred(part: number, whole: number, language: string): string {
  if (!whole) return "–";
  return new Intl.NumberFormat(language, { style: "percent", maximumFractionDigits: 1 }).format(part / whole);
}
