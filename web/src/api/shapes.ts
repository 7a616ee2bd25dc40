/** The entities of the API as the desk reads them; ids are UUID strings, instants RFC 3339. */

export type Direction = "in" | "out" | "internal";
export type MessageKind =
  "text" | "media" | "leg" | "prompt" | "keys" | "transcript" | "recording" | "trail" | "system";
export type Delivery =
  | "received"
  | "noted"
  | "queued"
  | "sending"
  | "sent"
  | "delivered"
  | "read"
  | "failed"
  | "uncertain"
  | "cancelled";

export interface Attachment {
  id: string;
  filename: string;
  content_type: string;
  size: number;
  inline: boolean;
  content_id: string | null;
}

/** An address as a mail carries it. */
export interface Mailbox {
  name?: string | null;
  address: string;
}

export interface Envelope {
  from?: Mailbox[];
  to?: Mailbox[];
  cc?: Mailbox[];
  bcc?: Mailbox[];
  reply_to?: Mailbox[];
  /** The whole text, where quotes and a signature were folded away. */
  full_text?: string;
  /** What was found out about the sender (RFC 8601). */
  authentication?: { spf?: string; dkim?: string; dmarc?: string };
  [more: string]: unknown;
}

export interface Message {
  id: string;
  conversation_id: string;
  case_id: string | null;
  contact_id: string;
  direction: Direction;
  kind: MessageKind;
  author_kind: "contact" | "agent" | "third_party" | "system";
  author_id: string | null;
  author_name: string;
  text: string;
  subject: string | null;
  has_html: boolean;
  payload: Envelope;
  status: Delivery;
  error: string | null;
  created_at: string;
  occurred_at: string;
  sent_at: string | null;
  delivered_at: string | null;
  read_at: string | null;
  client_id: string | null;
  version: number;
  attachments: Attachment[];
}

export type ConversationStatus = "open" | "snoozed" | "closed";

export interface Conversation {
  id: string;
  account_id: string;
  channel: string;
  brand_id: string;
  contact_id: string;
  case_id: string | null;
  subject: string;
  status: ConversationStatus;
  spam: boolean;
  language: string | null;
  assignee_id: string | null;
  preview: string;
  waiting_since: string | null;
  last_message_at: string | null;
  last_inbound_at: string | null;
  contact_read_at: string | null;
  agent_read_at: string | null;
  snoozed_until: string | null;
  /** `failed` or `uncertain`: an outbound message needs a hand. */
  trouble: string | null;
  version: number;
  created_at: string;
  closed_at: string | null;
}

export interface Address {
  id: string;
  kind: string;
  value: string;
  verified_at: string | null;
  verified_by: string | null;
}

export interface Contact {
  id: string;
  name: string;
  language: string | null;
  time_zone: string | null;
  prefers: "unknown" | "alone" | "person";
  preferred_channel: string | null;
  tone: "usted" | "tu" | "vos" | null;
  preference_source: string | null;
  blocked_at: string | null;
  merged_into: string | null;
  version: number;
  created_at: string;
  addresses: Address[];
}

export type StepState = "done" | "now" | "later";

export interface Step {
  id: string;
  position: number;
  title: string;
  state: StepState;
  due_at: string | null;
  done_at: string | null;
}

export interface Case {
  id: string;
  number: number;
  brand_id: string;
  contact_id: string;
  title: string;
  /** What the customer expects, in their own words. */
  expectation: string;
  status: "open" | "waiting" | "resolved" | "closed";
  waiting_for: string | null;
  owner_id: string | null;
  promised_at: string | null;
  resolved_at: string | null;
  resolved_by: string | null;
  version: number;
  created_at: string;
  updated_at: string;
  steps: Step[];
}

export interface Decision {
  code?: string;
  values?: {
    load?: number;
    capacity?: number;
    free?: number;
    idle_s?: number;
    language?: string;
    asked_before?: boolean;
  };
}

export interface Interaction {
  id: string;
  conversation_id: string;
  case_id: string | null;
  agent_id: string;
  state: "offered" | "accepted" | "wrap_up" | "ended" | "declined" | "expired" | "withdrawn";
  /** Why this agent, in one English sentence; `decision` is the same, to be said in any language. */
  reason: string;
  decision: Decision;
  queued_at: string | null;
  offered_at: string | null;
  offer_expires_at: string | null;
  accepted_at: string | null;
  first_reply_at: string | null;
  wrap_up_at: string | null;
  ended_at: string | null;
  disposition: string | null;
}

export type PresenceState = "available" | "away" | "offline";

export interface Presence {
  agent_id: string;
  state: PresenceState;
  reason: string | null;
  since: string;
  capacity: number;
  load: number;
  idle_since: string | null;
}

export interface Agent {
  id: string;
  user_id: string | null;
  name: string;
  kind: "person" | "assistant";
  capacity: number;
  signature: string;
  active: boolean;
}

export type Role = "administrator" | "supervisor" | "agent";

export interface User {
  id: string;
  email: string;
  name: string;
  role: Role;
  language: string;
  active: boolean;
  has_totp: boolean;
  passkeys: number;
  created_at: string;
  agent_id: string | null;
  capacity: number | null;
  /** Has not accepted the invitation yet. */
  invited: boolean;
}

export interface Account {
  id: string;
  kind: string;
  name: string;
  brand_id: string;
  public_key: string;
  settings: Record<string, unknown>;
  secrets_set: string[];
  enabled: boolean;
  state: "new" | "ok" | "failing";
  last_error: string | null;
  last_error_at: string | null;
  last_ok_at: string | null;
  capabilities: Capabilities;
}

/** What a channel can do (`trato.channel_sdk.Capabilities`). */
export interface Capabilities {
  files: boolean;
  html: boolean;
  subject: boolean;
  /** Cc, Bcc, several recipients, forward. */
  copies: boolean;
  /** An agent may write first. */
  starts: boolean;
  visitors: boolean;
  listens: boolean;
  address_kind: string;
  max_text: number;
  max_file_bytes: number;
}

/** What a connector says of itself in one language (its `strings.json`). */
export interface ChannelStrings {
  name?: string;
  description?: string;
  settings?: Record<string, SettingStrings | undefined>;
  /** Titles of the choices, by value. */
  options?: Record<string, string | undefined>;
  checks?: Record<string, string | undefined>;
}

export interface SettingStrings {
  title?: string;
  description?: string;
}

/** A kind of channel as its connector describes it. */
export interface ChannelKind {
  kind: string;
  /** By language. */
  strings: Record<string, ChannelStrings | undefined>;
  icon: string;
  settings_schema: JsonSchema;
  capabilities: Capabilities;
}

/** The part of JSON Schema that connectors use for their settings. */
export interface JsonSchema {
  type?: string | string[];
  title?: string;
  description?: string;
  default?: unknown;
  enum?: unknown[];
  format?: string;
  minimum?: number;
  maximum?: number;
  minLength?: number;
  maxLength?: number;
  writeOnly?: boolean;
  required?: string[];
  properties?: Record<string, JsonSchema>;
  items?: JsonSchema;
  anyOf?: JsonSchema[];
  $ref?: string;
  $defs?: Record<string, JsonSchema>;
  [more: string]: unknown;
}

export interface Organisation {
  name: string;
  language: string;
  time_zone: string;
  hours: Hours;
  /** The account that sends the system's own mail: links, transcripts. */
  system_account_id: string | null;
}

export const WEEKDAYS = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"] as const;

/** Opening hours by weekday, each a list of `[from, to]` in local time; a missing day is closed. */
export type Hours = Partial<Record<(typeof WEEKDAYS)[number], [string, string][]>>;

export interface Brand {
  id: string;
  name: string;
  language: string;
  tone: "usted" | "tu" | "vos";
  signature: string;
}

export interface Page<Item> {
  items: Item[];
  next_cursor: string | null;
}
