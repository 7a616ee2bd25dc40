/** What administrators do: channels, people, organisation, keys, webhooks, what could not be read, audit. */
import { address, get, patch, post, remove, request } from "./client";
import type { components } from "./schema";
import type { Account, Brand, ChannelKind, Organisation, Page, User } from "./shapes";

type Schemas = components["schemas"];

export type Check = Schemas["CheckView"];
export type Webhook = Schemas["Webhook"];
export type WebhookDelivery = Schemas["Delivery"];
export type Receipt = Schemas["ReceiptView"];
export type Stray = Schemas["StrayView"];

export type ApiKey = Schemas["KeyView"];
export type AuditEntry = Schemas["AuditEntry"];

type Removed = Promise<undefined>;

const one = (receipt: Receipt) => ({ account_id: receipt.account_id, provider_id: receipt.provider_id });

export type HelpCentre = Schemas["HelpCentreView"];

export const admin = {
  channels: async () => (await get<Page<ChannelKind>>("/channels")).items,
  accounts: async () => (await get<Page<Account>>("/accounts")).items,
  createAccount: (account: Schemas["AccountBody"]) => post<Account>("/accounts", account),
  changeAccount: (id: string, change: Schemas["AccountChange"], version?: number) =>
    patch<Account>(`/accounts/${id}`, change, version),
  removeAccount: (id: string): Removed => remove(`/accounts/${id}`),
  check: (id: string) => post<Schemas["ChecksView"]>(`/accounts/${id}/check`),

  users: () => get<Page<User>>("/users"),
  invite: (person: Schemas["Invitation"]) => post<{ user: User; link: string }>("/invitations", person),
  changeUser: (id: string, change: Schemas["UserChange"]) => patch<User>(`/users/${id}`, change),
  deactivate: (id: string, handOverTo: string | null) =>
    post<User>(`/users/${id}/deactivate`, { hand_over_to: handOverTo }),
  activate: (id: string) => post<User>(`/users/${id}/activate`),
  newLink: (id: string) => post<{ link: string }>(`/users/${id}/link`),

  organisation: () => get<Organisation>("/organisation"),
  changeOrganisation: (change: Schemas["OrganisationChange"], version?: number) =>
    patch<Organisation>("/organisation", change, version),
  helpCentre: (brandId: string) => get<HelpCentre>(`/help-centres/${brandId}`),
  changeHelpCentre: (brandId: string, change: Schemas["HelpCentreChange"], version?: number) =>
    patch<HelpCentre>(`/help-centres/${brandId}`, change, version),
  brands: async () => (await get<Page<Brand>>("/brands")).items,
  createBrand: (brand: Schemas["BrandBody"]) => post<Brand>("/brands", brand),
  changeBrand: (id: string, change: Schemas["BrandChange"], version?: number) =>
    patch<Brand>(`/brands/${id}`, change, version),

  keys: () => get<Page<ApiKey> & { scopes: Record<string, string> }>("/api-keys"),
  createKey: (key: Schemas["NewKey"]) => post<ApiKey & { token: string }>("/api-keys", key),
  revokeKey: (id: string): Removed => remove(`/api-keys/${id}`),

  webhooks: () => get<Page<Webhook>>("/webhooks"),
  /** The types are those that somebody typed: the server tells which of them it does not know. */
  createWebhook: (hook: Omit<Schemas["NewWebhook"], "event_types"> & { event_types: string[] }) =>
    post<Schemas["MadeWebhook"]>("/webhooks", hook),
  changeWebhook: (id: string, change: Schemas["WebhookChange"]) => patch<Webhook>(`/webhooks/${id}`, change),
  removeWebhook: (id: string): Removed => remove(`/webhooks/${id}`),
  deliveries: (id: string, cursor: string | null) =>
    get<Page<WebhookDelivery>>(`/webhooks/${id}/deliveries`, { cursor }),
  replay: (id: string, what: Schemas["Replay"]) => post<Webhook>(`/webhooks/${id}/replay`, what),

  receipts: (cursor: string | null) => get<Page<Receipt>>("/receipts", { cursor }),
  retryReceipt: (receipt: Receipt) => post<Schemas["Outcome"]>("/receipts/retry", one(receipt)),
  dismissReceipt: (receipt: Receipt) => request<undefined>("DELETE", "/receipts", { query: one(receipt) }),
  rawAddress: (receipt: Receipt): string => address("/receipts/raw", one(receipt)),
  strays: (cursor: string | null) => get<Page<Stray>>("/strays", { cursor }),
  stray: (id: string) => get<Schemas["StrayLook"]>(`/strays/${id}`),
  retryStray: (id: string) => post<Schemas["StrayOutcome"]>(`/strays/${id}/retry`),
  strayAddress: (id: string): string => address(`/strays/${id}/raw`),
  dismissStray: (id: string): Removed => remove(`/strays/${id}`),

  audit: (cursor: string | null) => get<Page<AuditEntry>>("/audit", { cursor }),
};
