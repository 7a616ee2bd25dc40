/** What channels are called and look like: asked once from the server, where connectors describe themselves. */
import { get } from "../api/client";
import type { ChannelKind } from "../api/shapes";
import { t } from "../i18n/index.svelte";

let kinds = $state.raw<Readonly<Record<string, ChannelKind>>>({});
let shapes = $state.raw<Readonly<Record<string, readonly string[]>>>({});

/** The paths of a drawing, so that it can be shown without putting foreign markup into the page. */
export function pathsOf(svg: string): string[] {
  const drawing = new DOMParser().parseFromString(svg, "image/svg+xml");
  return [...drawing.querySelectorAll("path[d]")].map((path) => path.getAttribute("d") ?? "");
}

async function load(): Promise<void> {
  const { items } = await get<{ items: ChannelKind[] }>("/channels");
  kinds = Object.fromEntries(items.map((kind) => [kind.kind, kind]));
  shapes = Object.fromEntries(items.map((kind) => [kind.kind, pathsOf(kind.icon)]));
}

export const channels = {
  load,
  get all(): readonly ChannelKind[] {
    return Object.values(kinds);
  },
  kind: (kind: string): ChannelKind | undefined => kinds[kind],
  /** A text of the connector in the reader's language. */
  text: (kind: string, key: string): string | undefined =>
    kinds[kind]?.strings[t.language]?.[key] ?? kinds[kind]?.strings["en"]?.[key],
  /** The word for a channel. */
  word: (kind: string): string => channels.text(kind, "name") ?? kind,
  paths: (kind: string): readonly string[] => shapes[kind] ?? [],
};
