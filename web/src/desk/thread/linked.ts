/** Finds web and mail addresses in plain text, so that they can be followed without any markup of others. */
export interface Piece {
  text: string;
  href?: string;
}

const ADDRESS = /\bhttps?:\/\/[^\s<>"']+|\b[\w.+-]+@[\w-]+(?:\.[\w-]+)+\b/gi;
const TRAILING = /[.,;:!?)\]}»”]+$/;

/** The text in pieces, joined again it is the same; only http, https and mail addresses become links. */
export function linked(text: string): Piece[] {
  const pieces: Piece[] = [];
  let from = 0;
  for (const found of text.matchAll(ADDRESS)) {
    const address = found[0].replace(TRAILING, "");
    if (found.index > from) pieces.push({ text: text.slice(from, found.index) });
    const href = /^https?:/i.test(address) ? address : `mailto:${address}`;
    pieces.push({ text: address, href });
    from = found.index + address.length;
  }
  if (from < text.length) pieces.push({ text: text.slice(from) });
  return pieces;
}
