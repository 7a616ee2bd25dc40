/**
 * A text of an article that was typed and has not reached the server: kept on this device for whoever wrote it, per
 * article and language, until it is saved or let go. What is still on its way is known too.
 */
export interface Unsent {
  title: string;
  summary: string;
  body: string;
  /** The revision that it was typed over; 0 where there was no text. */
  revision: number;
  /** When it was typed, in milliseconds. */
  at: number;
}

export interface Place {
  user: string;
  article: string;
  language: string;
}

const nameOf = ({ user, article, language }: Place): string => `trato.article.${user}.${article}.${language}`;

/** Where storage is blocked or full, it lasts as long as the page. */
let here: Readonly<Record<string, string>> = {};
let underway: Readonly<Record<string, Promise<void>>> = {};

const without = <Value>(all: Readonly<Record<string, Value>>, name: string): Record<string, Value> =>
  Object.fromEntries(Object.entries(all).filter(([other]) => other !== name));

/** What is kept of a text, if anything. */
export function unsentOf(place: Place, storage: Storage = localStorage): Unsent | undefined {
  const name = nameOf(place);
  try {
    const kept = JSON.parse(here[name] ?? storage.getItem(name) ?? "null") as Partial<Unsent> | null;
    if (!kept || typeof kept.body !== "string") return undefined;
    return { title: "", summary: "", revision: 0, at: 0, ...kept, body: kept.body };
  } catch {
    return undefined; // storage is blocked or holds something else
  }
}

export function keepUnsent(place: Place, unsent: Unsent, storage: Storage = localStorage): void {
  const name = nameOf(place);
  const text = JSON.stringify(unsent);
  try {
    storage.setItem(name, text);
    here = without(here, name);
  } catch {
    here = { ...here, [name]: text };
  }
}

export function forgetUnsent(place: Place, storage: Storage = localStorage): void {
  const name = nameOf(place);
  here = without(here, name);
  try {
    storage.removeItem(name);
  } catch {
    // storage is blocked: there was nothing
  }
}

/** Whoever opens the text again while its last words are on their way waits for them. */
export const arrived = async (place: Place): Promise<void> => underway[nameOf(place)];

export function send(place: Place, sending: Promise<void>): void {
  const name = nameOf(place);
  const done = sending.finally(() => {
    if (underway[name] === done) underway = without(underway, name);
  });
  underway = { ...underway, [name]: done };
}
