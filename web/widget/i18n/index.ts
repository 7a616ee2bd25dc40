/** Chooses the words by language; a language is fetched only when it is spoken. */
import { bring } from "../host/bring";
import type { Strings } from "./es";

export type { Strings } from "./es";

const LOADERS: Record<string, () => Promise<Strings>> = {
  es: async () => (await bring(() => import("./es"))).es,
  en: async () => (await bring(() => import("./en"))).en,
  pt: async () => (await bring(() => import("./pt"))).pt,
};

/** Returns the one of our languages that serves a language tag such as `pt-BR`; Spanish for all others. */
export function languageOf(tag: string): string {
  const primary = tag.toLowerCase().split(/[-_]/)[0] ?? "";
  return primary in LOADERS ? primary : "es";
}

export function loadStrings(language: string): Promise<Strings> {
  const load = LOADERS[languageOf(language)] ?? LOADERS["es"];
  if (!load) throw new Error(`no words for ${language}`);
  return load();
}
