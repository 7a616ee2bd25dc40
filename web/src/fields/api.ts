/** Fields of the installation's own: what they are, and what stands in them. */
import { get, patch, post, put } from "../api/client";
import type { components } from "../api/schema";
import type { Page } from "../api/shapes";

type Schemas = components["schemas"];

export type Field = Schemas["OwnFieldView"];
export type Held = Schemas["FieldValueView"];
export type NewField = Partial<Schemas["FieldBody"]> & Pick<Schemas["FieldBody"], "key" | "about" | "kind" | "labels">;
export type FieldChange = Partial<Schemas["FieldChange"]>;
export type Value = Held["value"];
export type About = Field["about"];

const of = (about: About, id: string): string => `/${about === "contact" ? "contacts" : "cases"}/${id}/fields`;

export const fields = {
  all: async () => (await get<Page<Field>>("/fields")).items,
  make: (field: NewField) => post<Field>("/fields", field),
  change: (key: string, values: FieldChange, version: number | undefined) =>
    patch<Field>(`/fields/${key}`, values, version),
  of: async (about: About, id: string) => (await get<Page<Held>>(of(about, id))).items,
  put: (about: About, id: string, key: string, value: Value, version: number | undefined) =>
    put<Held>(`${of(about, id)}/${key}`, { value }, version),
};
