/** What keys do to the position of a recording. Pure. */

const STEP_S = 5;
const LEAP_S = 30;
const STEPS: Readonly<Partial<Record<string, number>>> = {
  ArrowLeft: -STEP_S,
  ArrowDown: -STEP_S,
  ArrowRight: STEP_S,
  ArrowUp: STEP_S,
  PageDown: -LEAP_S,
  PageUp: LEAP_S,
  Home: -Infinity,
  End: Infinity,
};

/** Where a key leads from a position; undefined for a key that has nothing to do with it. */
export function moved(key: string, position_s: number, length_s: number): number | undefined {
  const by = STEPS[key];
  return by === undefined ? undefined : Math.min(Math.max(position_s + by, 0), length_s);
}

/** How long a recording is: as the browser measured it, else as it was noted; 0 while nobody knows. */
export function lengthOf(measured_s: number, noted_s: number | undefined): number {
  return Number.isFinite(measured_s) && measured_s > 0 ? measured_s : (noted_s ?? 0);
}
