/** Instants as the server wants them, and the morning after. */

const MORNING = 8;

export const stamp = (at: number): string => new Date(at).toISOString();

/** Eight o'clock of the next day, by this browser's clock. */
export function tomorrow(now: number): number {
  const next = new Date(now);
  next.setDate(next.getDate() + 1);
  return next.setHours(MORNING, 0, 0, 0);
}
