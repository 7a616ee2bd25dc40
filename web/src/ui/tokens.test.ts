/** The contrast that WCAG 2.2 AA asks for, computed from the tokens themselves. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";

const css = readFileSync(join(import.meta.dirname, "tokens.css"), "utf8");

type Scheme = "light" | "dark";

function token(name: string, scheme: Scheme): string {
  const found = new RegExp(`--${name}: light-dark\\((oklch\\([^)]*\\)), (oklch\\([^)]*\\))\\)`).exec(css);
  const value = found?.[scheme === "light" ? 1 : 2];
  if (!value) throw new Error(`no token --${name}`);
  return value;
}

/** Relative luminance (WCAG 2.2) of an opaque oklch() colour, by Ottosson's OKLab matrices. */
function luminance(colour: string): number {
  const [l = 0, c = 0, h = 0] = colour.slice(6, -1).split(" ").map(Number);
  const a = c * Math.cos((h * Math.PI) / 180);
  const b = c * Math.sin((h * Math.PI) / 180);
  const long = (l + 0.3963377774 * a + 0.2158037573 * b) ** 3;
  const medium = (l - 0.1055613458 * a - 0.0638541728 * b) ** 3;
  const short = (l - 0.0894841775 * a - 1.291485548 * b) ** 3;
  const red = 4.0767416621 * long - 3.3077115913 * medium + 0.2309699292 * short;
  const green = -1.2684380046 * long + 2.6097574011 * medium - 0.3413193965 * short;
  const blue = -0.0041960863 * long - 0.7034186147 * medium + 1.707614701 * short;
  const inGamut = (value: number): number => Math.min(1, Math.max(0, value));
  return 0.2126 * inGamut(red) + 0.7152 * inGamut(green) + 0.0722 * inGamut(blue);
}

function contrast(front: string, back: string, scheme: Scheme): number {
  const [darker = 0, lighter = 0] = [luminance(token(front, scheme)), luminance(token(back, scheme))].sort(
    (x, y) => x - y,
  );
  return (lighter + 0.05) / (darker + 0.05);
}

const grounds = ["paper", "surface", "sunk"];
const text: [string, string][] = [
  ...["ink", "ink-2", "ink-3", "thread-ink", "wait", "broken", "solved"].flatMap((front) =>
    grounds.map((back): [string, string] => [front, back]),
  ),
  ...["ink", "ink-2", "ink-3", "thread-ink"].map((front): [string, string] => [front, "thread-soft"]),
  ["on-thread", "thread"],
  ["wait", "wait-soft"],
  ["broken", "broken-soft"],
  ["solved", "solved-soft"],
  ["ink", "note"],
  ["ink-2", "note"],
  ["ink-3", "note"],
];
const controls: [string, string][] = ["edge", "thread"].flatMap((front) =>
  grounds.map((back): [string, string] => [front, back]),
);

describe.each<Scheme>(["light", "dark"])("%s", (scheme) => {
  test.each(text)("text %s on %s reaches 4.5", (front, back) => {
    expect(contrast(front, back, scheme)).toBeGreaterThanOrEqual(4.5);
  });
  test.each(controls)("control %s on %s reaches 3", (front, back) => {
    expect(contrast(front, back, scheme)).toBeGreaterThanOrEqual(3);
  });
});
