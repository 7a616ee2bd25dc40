/** What channels are called and look like: asked once from the server, where connectors describe themselves. */
import { get } from "../api/client";
import type { ChannelKind, ChannelStrings } from "../api/shapes";
import { t } from "../i18n/index.svelte";

let kinds = $state.raw<Readonly<Record<string, ChannelKind>>>({});

async function load(): Promise<void> {
  const items = await get<ChannelKind[]>("/channels");
  kinds = Object.fromEntries(items.map((kind) => [kind.kind, kind]));
}

/** The texts of a connector in the reader's language. */
function strings(kind: string): ChannelStrings {
  const all = kinds[kind]?.strings;
  return all?.[t.language] ?? all?.["en"] ?? {};
}

export const channels = {
  load,
  get all(): readonly ChannelKind[] {
    return Object.values(kinds);
  },
  kind: (kind: string): ChannelKind | undefined => kinds[kind],
  strings,
  /** The word for a channel. */
  word: (kind: string): string => strings(kind).name ?? kind,
};
