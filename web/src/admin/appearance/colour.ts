/**
 * Whether a colour can be read on our pages, and the nearest that can: the same reckoning as the server's
 * (`src/trato/decide/colour.py`), so that it is offered while somebody types. Pure.
 *
 * OKLab after Björn Ottosson, "A perceptual color space for image processing" (2020); contrast after WCAG 2.2, 1.4.3.
 */
export type Scheme = "light" | "dark";
type Three = readonly [number, number, number];

const GROUNDS: Record<Scheme, string> = { light: "#f4f2ec", dark: "#1a2025" };
const ENOUGH = 4.5;
const STEP = 0.002;
const PALER = 0.97;
const ROUNDED = 1e-4;

/** A colour as it is kept, `#rrggbb`, from what somebody typed; nothing when it is none. */
export function colourOf(typed: string): string | undefined {
  const text = typed.trim().toLowerCase().replace(/^#?/, "#");
  if (/^#[\da-f]{6}$/.test(text)) return text;
  return /^#[\da-f]{3}$/.test(text) ? text.replace(/[\da-f]/g, "$&$&") : undefined;
}

export function contrastOn(colour: string, scheme: Scheme): number {
  const [dark = 0, light = 0] = [luminance(colour), luminance(GROUNDS[scheme])].sort((one, other) => one - other);
  return (light + 0.05) / (dark + 0.05);
}

export const isLegible = (colour: string, scheme: Scheme): boolean => contrastOn(colour, scheme) >= ENOUGH;

/** The colour itself where it can be read, else the nearest that can; hue and strength stay as far as they can. */
export function legible(colour: string, scheme: Scheme): string {
  const [lightness, strength, hue] = oklch(colour);
  let found = colour.toLowerCase();
  for (let at = lightness; !isLegible(found, scheme);) {
    at += scheme === "light" ? -STEP : STEP;
    found = shown(at, strength, hue);
  }
  return found;
}

function channels(colour: string): Three {
  const of = (at: number): number => linear(Number.parseInt(colour.slice(at, at + 2), 16) / 255);
  return [of(1), of(3), of(5)];
}

function luminance(colour: string): number {
  const [red, green, blue] = channels(colour);
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function oklch(colour: string): Three {
  const [red, green, blue] = channels(colour);
  const long = Math.cbrt(0.4122214708 * red + 0.5363325363 * green + 0.0514459929 * blue);
  const middle = Math.cbrt(0.2119034982 * red + 0.6806995451 * green + 0.1073969566 * blue);
  const short = Math.cbrt(0.0883024619 * red + 0.2817188376 * green + 0.6299787005 * blue);
  const lightness = 0.2104542553 * long + 0.793617785 * middle - 0.0040720468 * short;
  const a = 1.9779984951 * long - 2.428592205 * middle + 0.4505937099 * short;
  const b = 0.0259040371 * long + 0.7827717662 * middle - 0.808675766 * short;
  return [lightness, Math.hypot(a, b), Math.atan2(b, a)];
}

/** The colour as screens show it, paler where they cannot show it so strong. */
function shown(lightness: number, strong: number, hue: number): string {
  if (lightness >= 1) return "#ffffff";
  let strength = strong;
  let found = rgb(lightness, strength, hue);
  while (Math.min(...found) < -ROUNDED || Math.max(...found) > 1 + ROUNDED) {
    strength *= PALER;
    found = rgb(lightness, strength, hue);
  }
  const hex = (one: number): string =>
    Math.floor(255 * curved(one) + 0.5)
      .toString(16)
      .padStart(2, "0");
  return `#${found.map(hex).join("")}`;
}

function rgb(lightness: number, strength: number, hue: number): Three {
  const a = strength * Math.cos(hue);
  const b = strength * Math.sin(hue);
  const long = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3;
  const middle = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3;
  const short = (lightness - 0.0894841775 * a - 1.291485548 * b) ** 3;
  return [
    4.0767416621 * long - 3.3077115913 * middle + 0.2309699292 * short,
    -1.2684380046 * long + 2.6097574011 * middle - 0.3413193965 * short,
    -0.0041960863 * long - 0.7034186147 * middle + 1.707614701 * short,
  ];
}

const linear = (value: number): number => (value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4);

function curved(value: number): number {
  const inside = Math.min(1, Math.max(0, value));
  return inside <= 0.0031308 ? 12.92 * inside : 1.055 * inside ** (1 / 2.4) - 0.055;
}
