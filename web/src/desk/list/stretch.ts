/** Which rows of a long list are on the page, and where one goes on in it. Pure. */

/** About three windows full. */
export const STEP = 60;

/** Enough rows to have the one at this place and some behind it; as many as there are now for none (-1). */
export function needed(length: number, at: number): number {
  if (at === -1) return length;
  return Math.ceil((at + STEP / 2 + 1) / STEP) * STEP;
}

/**
 * The place to go to from the open row, which is `at` (-1: in no row) for this reason, and was opened `from` a place:
 * a row with another reason than then has gone where others wait, and the one behind it stands in its place.
 */
export function goOn(
  at: number,
  kind: string | undefined,
  from: { readonly at: number; readonly kind?: string | undefined },
  by: 1 | -1,
): number {
  if (at === -1) return 0;
  if (kind === from.kind || at <= from.at) return at + by;
  return by === 1 ? from.at : from.at - 1;
}
