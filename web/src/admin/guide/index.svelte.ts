/** What administration's search knows, in the reader's language; its words are fetched when somebody searches. */
import { me } from "../../access/session.svelte";
import { channels } from "../../desk/channels.svelte";
import { type Part, t, withWords } from "../../i18n/index.svelte";
import { allowed, SECTIONS } from "../sections";
import type { Findable } from "./find";
import { PLACES } from "./places";

const PARTS: readonly Part[] = [
  "admin",
  "guide",
  ...new Set(SECTIONS.flatMap(({ fields }) => fields.map((field) => field.split(".")[0] as Part))),
];

/** Fetches all words that are searched. */
export async function withGuide(): Promise<void> {
  await Promise.all([...PARTS.map(withWords), channels.all.length ? undefined : channels.load()]);
}

function text(path: string): string {
  const value = path
    .split(".")
    .reduce<unknown>((found, key) => (typeof found === "object" && found ? Reflect.get(found, key) : undefined), t);
  return typeof value === "string" ? value : "";
}

function ofSections(): Findable[] {
  return allowed(me.isAdministrator).flatMap(({ name, fields }) => {
    const path = `/admin/${name}`;
    const page = t.admin.sections[name];
    return [
      { id: name, path, title: page, words: `${t.guide.pages[name].words} ${t.guide.pages[name].what}` },
      ...fields.map((field) => ({ id: field, path, page, title: text(field), words: t.guide.fields[field] ?? "" })),
    ];
  });
}

/** The kinds of channel, and what is set of each, by their own words. */
function ofChannels(): Findable[] {
  if (!me.isAdministrator) return [];
  return channels.all.flatMap(({ kind }) => {
    const { name = kind, description = "", settings = {} } = channels.strings(kind);
    const path = `/admin/channels/new/${kind}`;
    const page = `${t.admin.sections.channels}: ${name}`;
    return [
      { id: `channel-${kind}`, path, page: t.admin.sections.channels, title: name, words: description },
      ...Object.entries(settings).map(([field, said]) => ({
        id: `channel-${kind}-${field}`,
        path,
        page,
        title: said?.title ?? field,
        words: "",
      })),
    ];
  });
}

/** Everything that can be found; to be asked once its words are there. */
export function everything(): Findable[] {
  const others = PLACES.map(({ name, path }) => ({ id: name, path, ...t.guide.places[name] }));
  return [...ofSections(), ...others, ...ofChannels()];
}
