/** The search over people, cases, messages and articles, asked anew with each letter. */
import { get } from "./client";
import type { components } from "./schema";

type Schemas = components["schemas"];

export type Found = Schemas["SearchView"];
export type Hit = Schemas["HitView"];
export type HitKind = Hit["kind"];
export type HitGroup = Schemas["GroupView"];
export type HitPart = Schemas["PartView"];

interface More {
  kind?: HitKind | null;
  cursor?: string | null;
  limit?: number;
}

export const search = (q: string, more: More = {}, signal?: AbortSignal): Promise<Found> =>
  get<Found>("/search", { q, ...more }, signal ? { signal } : {});
