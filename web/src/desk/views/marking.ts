/** Which rows are marked, one by one and by ranges. Pure. */

/** The rows between two, both with them, in the list's order; only the second when the first is not in it. */
export function between(rows: readonly string[], from: string | undefined, to: string): string[] {
  const [start, end] = [from === undefined ? -1 : rows.indexOf(from), rows.indexOf(to)];
  if (end === -1) return [];
  if (start === -1) return [to];
  return rows.slice(Math.min(start, end), Math.max(start, end) + 1);
}

/** The marks with a row changed: marked when it was not, with `also` the rows up to it marked too. */
export function toggled(marked: ReadonlySet<string>, id: string, also: readonly string[] = []): Set<string> {
  const next = new Set([...marked, ...also]);
  if (also.length) next.add(id);
  else if (!next.delete(id)) next.add(id);
  return next;
}
