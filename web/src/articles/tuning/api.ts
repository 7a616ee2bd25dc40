/** What tunes the search: words that mean the same, and how sure it is before it answers. */
import { get, patch, post, remove } from "../../api/client";
import type { components } from "../../api/schema";
import type { Page } from "../../api/shapes";

type Schemas = components["schemas"];

export type Synonyms = Schemas["SynonymView"];
export type Curve = Schemas["CurveView"];

export const tuning = {
  synonyms: async () => (await get<Page<Synonyms>>("/synonyms")).items,
  add: (language: string, words: string[]) =>
    post<Synonyms>("/synonyms", { language: language || null, words }),
  change: (id: string, language: string, words: string[], version: number) =>
    patch<Synonyms>(`/synonyms/${id}`, { language: language || null, words }, version),
  remove: (id: string) => remove(`/synonyms/${id}`),
  curve: () => get<Curve>("/answers/curve"),
  calibrate: (precision: number) => post<Curve>("/answers/calibrate", { precision }),
};
