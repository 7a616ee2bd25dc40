/** Which emoji are meant by a word, in the reader's language or by the short codes that chats know. Pure. */
import { folded } from "../../../ui/folded";

export interface Emoji {
  /** The character itself. */
  unicode: string;
  /** Its name in the reader's language. */
  label: string;
  tags: readonly string[];
  /** Short codes without their colons, such as `smile`. */
  codes: readonly string[];
  group: number;
  /** The same in five skin tones, 1 being the lightest; empty where it has none. */
  tones: readonly { tone: number; unicode: string; label: string }[];
}

/** An emoji as `emojibase-data` carries it. */
export interface Raw {
  unicode: string;
  label: string;
  hexcode: string;
  tags?: readonly string[];
  group?: number;
  order?: number;
  skins?: readonly { unicode: string; label: string; tone?: number | readonly number[] }[];
}

/** Parts of an emoji, such as a hair style, that nobody sends alone. */
const COMPONENTS = 2;

export function prepared(raw: readonly Raw[], codes: Readonly<Record<string, string | readonly string[]>>): Emoji[] {
  return raw
    .filter(({ group }) => group !== undefined && group !== COMPONENTS)
    .toSorted((one, other) => (one.order ?? 0) - (other.order ?? 0))
    .map(({ unicode, label, hexcode, tags = [], group = 0, skins = [] }) => ({
      unicode,
      label,
      tags: tags.map(folded),
      codes: [codes[hexcode] ?? []].flat(),
      group,
      // two people of two tones are left to those who type them
      tones: skins.flatMap(({ tone, ...skin }) => (typeof tone === "number" ? [{ tone, ...skin }] : [])),
    }));
}

/** How well a word fits: the less the better; undefined when it does not. */
function fit(emoji: Emoji, wanted: string): number | undefined {
  const label = folded(emoji.label);
  if (label === wanted || emoji.codes.includes(wanted)) return 0;
  if (label.startsWith(wanted)) return 1;
  if (emoji.codes.some((code) => code.startsWith(wanted))) return 2;
  const words = [...label.split(/[^\p{L}\p{N}]+/u), ...emoji.tags];
  if (words.some((word) => word.startsWith(wanted))) return 3;
  return undefined;
}

/** Those that all the words fit, the best first, else in their usual order. */
export function found(all: readonly Emoji[], typed: string, most = Infinity): Emoji[] {
  const words = folded(typed).split(/\s+/).filter(Boolean);
  if (!words.length) return [];
  const whole = words.join(" ");
  return all
    .flatMap((emoji, index) => {
      const fits = [fit(emoji, whole), ...words.map((word) => fit(emoji, word))];
      const best = fits[0] ?? (fits.slice(1).includes(undefined) ? undefined : 4);
      return best === undefined ? [] : [{ emoji, best, index }];
    })
    .sort((one, other) => one.best - other.best || one.index - other.index)
    .slice(0, most)
    .map(({ emoji }) => emoji);
}

/** In a skin tone, 1 to 5; as it is without one, or where it has none. */
export function toned(emoji: Emoji, tone: number): { unicode: string; label: string } {
  return emoji.tones.find((one) => one.tone === tone) ?? emoji;
}

/** What is written of a short code before the cursor; null when nothing is. `whole`: it is closed by a colon. */
export function code(text: string, at: number): { from: number; written: string; whole: boolean } | null {
  const match = /(?:^|[\s(])(:([\p{L}\p{N}_+-]{2,40})(:?))$/u.exec(text.slice(0, at));
  if (!match?.[1] || !match[2]) return null;
  return { from: at - match[1].length, written: match[2].replaceAll("_", " "), whole: match[3] === ":" };
}

/** Where the arrows lead in a grid; undefined for a key that does not move. */
export function moved(key: string, at: number, count: number, columns: number): number | undefined {
  const steps: Record<string, number | undefined> = {
    ArrowRight: at + 1,
    ArrowLeft: at - 1,
    ArrowDown: at + columns,
    ArrowUp: at - columns,
    Home: at - (at % columns),
    End: Math.min(count - 1, at - (at % columns) + columns - 1),
  };
  const to = steps[key];
  if (to === undefined) return undefined;
  return to < 0 || to >= count ? at : to;
}
