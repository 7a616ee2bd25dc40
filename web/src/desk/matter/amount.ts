/**
 * An amount as the server takes it, from how people write it; undefined for what is none. It stays a text, so that
 * nothing is rounded. "1.500" is none: to some it is a thousand and a half, to others one and a half.
 */
export function amountOf(typed: string): string | undefined {
  const plain = typed.trim().replace(",", ".");
  return /^\d{1,10}(\.\d{1,2})?$/.test(plain) ? plain : undefined;
}

/** A currency by its three letters (ISO 4217), undefined for what is none. */
export function currencyOf(typed: string): string | undefined {
  const plain = typed.trim().toUpperCase();
  return /^[A-Z]{3}$/.test(plain) ? plain : undefined;
}
