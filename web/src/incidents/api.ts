/** Incidents, planned work, what they affect, whom they touch and who is told. */
import { get, patch, post, put, remove } from "../api/client";
import type { components } from "../api/schema";
import type { Page } from "../api/shapes";

type Schemas = components["schemas"];

export type Incident = Schemas["IncidentView"];
export type Update = Schemas["UpdateView"];
export type Service = Schemas["ServiceView"];
export type Link = Schemas["IncidentLinkView"];
export type Told = Schemas["TellingView"];
export type Texts = Record<string, string>;

const one = (id: string): string => `/incidents/${id}`;
const page = (cursor: string | null) => ({ cursor: cursor ?? undefined });

export const incidents = {
  open: async () => (await get<Page<Incident>>("/incidents")).items,
  past: (cursor: string | null) => get<Page<Incident>>("/incidents", { state: "past", ...page(cursor) }),
  get: (id: string) => get<Incident>(one(id)),
  declare: (body: Partial<Schemas["IncidentBody"]> & { brand_id: string; titles: Texts }) =>
    post<Incident>("/incidents", body),
  change: (id: string, values: Schemas["IncidentChange"], version: number) =>
    patch<Incident>(one(id), values, version),
  confirm: (id: string) => post<Incident>(`${one(id)}/confirm`),
  dismiss: (id: string) => post<Incident>(`${one(id)}/dismiss`),
  say: (id: string, clientId: string, texts: Texts) =>
    post<Incident>(`${one(id)}/updates`, { client_id: clientId, texts }),
  resolve: (id: string, texts: Texts) => post<Incident>(`${one(id)}/resolve`, { texts }),
  reopen: (id: string, texts: Texts) => post<Incident>(`${one(id)}/reopen`, { texts }),
  touched: (id: string, cursor: string | null) => get<Page<Link>>(`${one(id)}/conversations`, page(cursor)),
  told: (id: string, cursor: string | null) => get<Page<Told>>(`${one(id)}/told`, page(cursor)),
  of: async (conversationId: string) =>
    (await get<Page<Link>>(`/conversations/${conversationId}/incidents`)).items,
  link: (id: string, conversationId: string) => put<undefined>(`${one(id)}/conversations/${conversationId}`, {}),
  undo: (id: string, conversationId: string) => remove(`${one(id)}/conversations/${conversationId}`),
  follow: (id: string, conversationId: string) => put<Link>(`${one(id)}/followers/${conversationId}`, {}),
  services: async () => (await get<Page<Service>>("/services")).items,
  addService: (body: { brand_id: string; kind: Service["kind"]; names: Texts }) =>
    post<Service>("/services", body),
  changeService: (id: string, values: Schemas["ServiceChange"], version: number) =>
    patch<Service>(`/services/${id}`, values, version),
};
