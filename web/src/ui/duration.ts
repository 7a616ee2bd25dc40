/** Lengths of time as people give them: a number of seconds, minutes or hours. */
export const UNITS = { s: 1, min: 60, h: 3600 } as const;
export type Unit = keyof typeof UNITS;

/** The largest unit in which a length is a whole number. */
export function unitOf(seconds: number): Unit {
  if (!seconds) return "s";
  if (seconds % UNITS.h === 0) return "h";
  return seconds % UNITS.min === 0 ? "min" : "s";
}

/** Seconds of a number in a unit; nothing typed yet is zero. */
export function inUnit(count: number, unit: Unit): number {
  return Number.isFinite(count) ? Math.round(count) * UNITS[unit] : 0;
}

/** A length in its largest whole unit: `90 s`, `2 min`. */
export function shortly(seconds: number, words: Record<Unit, string>): string {
  const unit = unitOf(seconds);
  return `${(seconds / UNITS[unit]).toString()} ${words[unit]}`;
}
