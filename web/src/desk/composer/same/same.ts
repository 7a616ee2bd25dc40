/** When a text is long enough to ask whether it goes to many. Pure; the server's own rule decides. */
const MIN_WORDS = 8;
const MIN_LETTERS = 40;

export function worthAsking(text: string): boolean {
  const words = text.match(/[\p{L}\p{N}]+/gu) ?? [];
  return words.length >= MIN_WORDS && words.join("").length >= MIN_LETTERS;
}
