/** The curve of the gate as a drawing: right answers and answered questions over how sure it must be. */
import type { Curve } from "./api";

export const WIDTH = 320;
export const HEIGHT = 140;

const at = (threshold: number, share: number): string =>
  `${(threshold * WIDTH).toFixed(1)},${((1 - share) * HEIGHT).toFixed(1)}`;

const line = (points: readonly string[], width: number): string =>
  points.length > 1 ? `<polyline stroke-width="${width.toString()}" points="${points.join(" ")}"/>` : "";

/** The part that is right is the thick line, the part that is answered the thin one; the threshold stands upright. */
export function drawn(curve: Curve): string {
  const right = curve.points
    .filter((point) => point.precision !== null)
    .map((point) => at(point.threshold, point.precision ?? 0));
  const answered = curve.points.map((point) => at(point.threshold, point.answered));
  const bar = (curve.threshold * WIDTH).toFixed(1);
  const frame = `<polyline stroke-width="0.6" points="0,0 0,${HEIGHT.toString()} ${WIDTH.toString()},${HEIGHT.toString()}"/>`;
  const upright = `<line stroke-width="0.8" x1="${bar}" y1="0" x2="${bar}" y2="${HEIGHT.toString()}"/>`;
  const box = `viewBox="-3 -3 ${(WIDTH + 6).toString()} ${(HEIGHT + 6).toString()}"`;
  return `<svg xmlns="http://www.w3.org/2000/svg" ${box}>${frame}${upright}${line(answered, 1.2)}${line(right, 2.6)}</svg>`;
}

/** What the threshold that serves gives: the last point at or below it. */
export function served(curve: Curve): Curve["points"][number] | undefined {
  return curve.points.filter((point) => point.threshold <= curve.threshold + 1e-9).at(-1);
}
