/** What administrators do: channels, people, organisation, keys, webhooks, what could not be read, audit. */
import { address, get, patch, post, remove, request } from "./client";
import type { Account, Brand, ChannelKind, Organisation, Page, Role, User } from "./shapes";

export interface Check {
  name: string;
  ok: boolean;
  message: string;
}

export interface ApiKey {
  id: string;
  name: string;
  prefix: string;
  scopes: string[];
  created_at: string;
  expires_at: string | null;
  last_used_at: string | null;
}

export interface Webhook {
  id: string;
  url: string;
  description: string;
  event_types: string[];
  state: "active" | "paused" | "disabled";
  position: number;
  behind: number;
  failing_since: string | null;
  last_error: string | null;
  created_at: string;
}

export interface WebhookDelivery {
  id: string;
  position: number;
  type: string;
  state: "waiting" | "delivered" | "failed";
  attempts: number;
  status_code: number | null;
  error: string | null;
  created_at: string;
}

export interface Receipt {
  account_id: string;
  account_name: string;
  provider_id: string;
  state: "pending" | "broken";
  error: string | null;
  attempts: number;
  received_at: string;
  has_raw: boolean;
}

export interface Stray {
  id: string;
  endpoint: string;
  reason: string;
  received_at: string;
}

export interface AuditEntry {
  id: number;
  at: string;
  actor: string;
  action: string;
  target: string;
  data: Record<string, unknown>;
  ip: string | null;
}

export type Settings = Record<string, unknown>;
type Removed = Promise<undefined>;

const one = (receipt: Receipt) => ({ account_id: receipt.account_id, provider_id: receipt.provider_id });

export const admin = {
  channels: () => get<ChannelKind[]>("/channels"),
  accounts: () => get<Account[]>("/accounts"),
  createAccount: (account: { kind: string; name: string; brand_id: string; settings: Settings }) =>
    post<Account>("/accounts", account),
  changeAccount: (id: string, change: { name?: string; enabled?: boolean; settings?: Settings }) =>
    patch<Account>(`/accounts/${id}`, change),
  removeAccount: (id: string): Removed => remove(`/accounts/${id}`),
  check: (id: string) => post<{ checks: Check[] }>(`/accounts/${id}/check`),

  users: () => get<Page<User>>("/users"),
  invite: (person: { email: string; name: string; role: Role; capacity: number }) =>
    post<{ user: User; link: string }>("/invitations", person),
  changeUser: (id: string, change: { role?: Role; capacity?: number; name?: string }) =>
    patch<User>(`/users/${id}`, change),
  deactivate: (id: string, handOverTo: string | null) =>
    post<User>(`/users/${id}/deactivate`, { hand_over_to: handOverTo }),
  activate: (id: string) => post<User>(`/users/${id}/activate`),
  newLink: (id: string) => post<{ link: string }>(`/users/${id}/link`),

  organisation: () => get<Organisation>("/organisation"),
  changeOrganisation: (change: Partial<Organisation>) => patch<Organisation>("/organisation", change),
  brands: () => get<Brand[]>("/brands"),
  createBrand: (brand: Omit<Brand, "id">) => post<Brand>("/brands", brand),
  changeBrand: (id: string, change: Partial<Omit<Brand, "id">>) => patch<Brand>(`/brands/${id}`, change),

  keys: () => get<Page<ApiKey> & { scopes: Record<string, string> }>("/api-keys"),
  createKey: (key: { name: string; scopes: string[]; expires_at: string | null }) =>
    post<ApiKey & { token: string }>("/api-keys", key),
  revokeKey: (id: string): Removed => remove(`/api-keys/${id}`),

  webhooks: () => get<Page<Webhook>>("/webhooks"),
  createWebhook: (hook: { url: string; description: string; event_types: string[] }) =>
    post<{ webhook: Webhook; secret: string }>("/webhooks", hook),
  changeWebhook: (id: string, change: { state?: "active" | "paused" }) =>
    patch<Webhook>(`/webhooks/${id}`, change),
  removeWebhook: (id: string): Removed => remove(`/webhooks/${id}`),
  deliveries: (id: string, cursor: string | null) =>
    get<Page<WebhookDelivery>>(`/webhooks/${id}/deliveries`, { cursor }),
  replay: (id: string, what: { delivery_id: string } | { from_position: number }) =>
    post<Webhook>(`/webhooks/${id}/replay`, what),

  receipts: () => get<Receipt[]>("/receipts"),
  retryReceipt: (receipt: Receipt) => post<{ outcome: string }>("/receipts/retry", one(receipt)),
  dismissReceipt: (receipt: Receipt) => request<undefined>("DELETE", "/receipts", { query: one(receipt) }),
  rawAddress: (receipt: Receipt): string => address("/receipts/raw", one(receipt)),
  strays: () => get<Stray[]>("/strays"),
  dismissStray: (id: string): Removed => remove(`/strays/${id}`),

  audit: (cursor: number | null) =>
    get<{ items: AuditEntry[]; next_cursor: number | null }>("/audit", { cursor }),
};
