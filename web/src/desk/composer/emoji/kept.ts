/** The emoji used last and the skin tone chosen, kept on this device. */
const RECENT = "trato.emoji.recent";
const TONE = "trato.emoji.tone";
const MOST = 16;

function read(key: string, storage: Storage): unknown {
  try {
    return JSON.parse(storage.getItem(key) ?? "null") as unknown;
  } catch {
    return null; // storage is blocked or holds something else
  }
}

function write(key: string, value: unknown, storage: Storage): void {
  try {
    storage.setItem(key, JSON.stringify(value));
  } catch {
    // storage is blocked or full: it is asked for again
  }
}

/** The characters used last, the latest first. */
export function recent(storage: Storage = localStorage): string[] {
  const found = read(RECENT, storage);
  return Array.isArray(found) ? found.filter((one): one is string => typeof one === "string").slice(0, MOST) : [];
}

export function used(unicode: string, storage: Storage = localStorage): void {
  write(RECENT, [unicode, ...recent(storage).filter((one) => one !== unicode)].slice(0, MOST), storage);
}

/** From 1, the lightest, to 5; 0 for none. */
export function tone(storage: Storage = localStorage): number {
  const found = read(TONE, storage);
  return typeof found === "number" && Number.isInteger(found) && found >= 0 && found <= 5 ? found : 0;
}

export function keepTone(chosen: number, storage: Storage = localStorage): void {
  write(TONE, chosen, storage);
}
