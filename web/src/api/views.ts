/** Views of one's own and of colleagues, and acts on many conversations at once. */
import { get, patch, post, put, remove } from "./client";
import type { Inbox } from "./desk";
import type { components } from "./schema";
import type { Conversation } from "./shapes";

type Schemas = components["schemas"];

export type View = Schemas["CustomView"];
export type Condition = Required<Schemas["ConditionBody"]>;
export type Field = Condition["field"];
export type ViewBody = Omit<Schemas["ViewBody"], "conditions"> & { conditions: Condition[] };
export type Choices = Schemas["NamedChoicesView"];
export type Act = Schemas["BulkBody"]["act"];
export type Item = Omit<Schemas["BulkItem"], "conversation"> & { conversation: Conversation | null };
export interface Done {
  id: string;
  items: Item[];
}

export const views = {
  every: (counts: boolean) => get<Schemas["CustomViewPage"]>("/views", { counts }),
  get: (id: string) => get<View>(`/views/${id}`),
  create: (view: ViewBody) => post<View>("/views", view),
  change: (id: string, change: Partial<ViewBody>, version: number) =>
    patch<View>(`/views/${id}`, change, version),
  remove: (id: string) => remove<View>(`/views/${id}`),
  restore: (id: string) => post<View>(`/views/${id}/restore`),
  order: (ids: readonly string[]) => put("/views/order", { ids }),
  choices: () => get<Choices>("/views/choices"),
  count: (conditions: readonly Condition[], signal: AbortSignal) =>
    post<Schemas["CountView"]>("/views/count", { conditions }, { signal }),
  page: (id: string, cursor: string | null) =>
    get<Inbox & { count: number }>(`/views/${id}/conversations`, { cursor }),
  members: (id: string, ids: readonly string[]) =>
    get<Schemas["MembersView"]>(`/views/${id}/members?${ids.map((one) => `conversation_id=${one}`).join("&")}`),

  dispositions: async () => (await get<Schemas["DispositionPage"]>("/dispositions")).items,
  act: (id: string, act: Act, ids: readonly string[]) =>
    post<Done>("/bulk-acts", { id, act, conversation_ids: ids }, { headers: { "Idempotency-Key": id } }),
  undo: (id: string) => post<Done>(`/bulk-acts/${id}/undo`),
};
