/**
 * An amount as the server takes it, from how people write it; undefined for what is none. It stays a text, so that
 * nothing is rounded.
 */
export function amountOf(typed: string): string | undefined {
  const plain = typed.trim().replace(",", ".");
  return /^\d{1,10}(\.\d{1,2})?$/.test(plain) ? plain : undefined;
}
