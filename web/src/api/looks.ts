/** How each brand looks on its widget and its help centre. */
import { get, patch } from "./client";
import type { components } from "./schema";

type Schemas = components["schemas"];

export type Look = Schemas["LookView"];
export type LookChange = Schemas["LookChange"];

export const looks = {
  of: (brandId: string) => get<Look>(`/brands/${brandId}/look`),
  change: (brandId: string, change: LookChange, version?: number) =>
    patch<Look>(`/brands/${brandId}/look`, change, version),
};
