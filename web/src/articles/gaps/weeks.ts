/** The last weeks of a gap as a line, and where it goes in one word; pure. */
export type Trend = "new" | "up" | "down" | "even";

const WIDTH = 72;
const HEIGHT = 20;

/** More or less than a quarter is no chance any more; below five nothing is said. */
export function trend(volume: number, before: number): Trend {
  if (before === 0) return volume > 0 ? "new" : "even";
  if (volume + before < 5) return "even";
  if (volume > before * 1.25) return "up";
  return volume < before * 0.75 ? "down" : "even";
}

/** A line over the weeks, the latest right, from nothing at the bottom to the most at the top. */
export function line(weeks: readonly number[]): string {
  const most = Math.max(...weeks, 1);
  const step = WIDTH / Math.max(weeks.length - 1, 1);
  const points = weeks.map((count, place) => {
    const down = 1 + (HEIGHT - 2) * (1 - count / most);
    return `${(place * step).toFixed(1)},${down.toFixed(1)}`;
  });
  const box = `viewBox="-1 0 ${(WIDTH + 2).toString()} ${HEIGHT.toString()}"`;
  return `<svg xmlns="http://www.w3.org/2000/svg" ${box}><polyline points="${points.join(" ")}"/></svg>`;
}
