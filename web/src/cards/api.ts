/** Cards beside conversations, and their sources. */
import { get, patch, post, remove } from "../api/client";
import type { components } from "../api/schema";
import type { Page } from "../api/shapes";

type Schemas = components["schemas"];

export type Source = Schemas["CardSourceView"];
export type Sends = Source["sends"][number];
export type Place = Schemas["CardPlace"];
export type View = Schemas["CardView"];
export type Value = Schemas["ShownValue"];
export type Action = Schemas["ShownAction"];
export type NewSource = Schemas["SourceBody"];
export type SourceChange = Partial<Omit<NewSource, "key">>;

const beside = (conversationId: string): string => `/conversations/${conversationId}/cards`;
const one = (key: string): string => `/card-sources/${key}`;

export const cards = {
  beside: async (conversationId: string) => (await get<Page<Place>>(beside(conversationId))).items,
  ask: (conversationId: string, key: string, again: boolean) =>
    post<View>(`${beside(conversationId)}/${key}`, { again }),
  press: (conversationId: string, key: string, action: string, pressId: string) =>
    post<Schemas["PressedView"]>(`${beside(conversationId)}/${key}/actions/${action}`, {
      press_id: pressId,
      confirmed: true,
    }),
  sources: async () => (await get<Page<Source>>("/card-sources")).items,
  make: (source: NewSource) => post<Schemas["MadeSource"]>("/card-sources", source),
  change: (key: string, values: SourceChange, version: number | undefined) =>
    patch<Source>(one(key), values, version),
  newSecret: (key: string) => post<Schemas["MadeSource"]>(`${one(key)}/secret`),
  remove: (key: string) => remove(one(key)),
};
