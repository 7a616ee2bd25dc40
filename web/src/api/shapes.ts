/**
 * The entities of the API as the desk reads them; ids are UUID strings, instants RFC 3339. They are those of the
 * generated `schema.d.ts`, made narrower where the server describes free JSON, and by hand where it describes none.
 */
import type { components } from "./schema";

type Schemas = components["schemas"];

export type MessageKind =
  "text" | "media" | "leg" | "prompt" | "keys" | "transcript" | "recording" | "trail" | "system";
export type Sentence = Schemas["SentenceView"];
export type Attachment = Schemas["AttachmentView"];

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
  /** Why it was not sent, as the channel says it in each language. */
  error_sentence?: Sentence;
  /** The text is marked: bold, lists, links. */
  marks?: boolean;
  /** The line on a known incident that was put below an answer. */
  known?: { line: string };
  /** Colleagues say it to each other of a case: whom it was told. */
  side?: { to: string[] };
  /** What was found out about the sender (RFC 8601). */
  authentication?: { spf?: string; dkim?: string; dmarc?: string };
  [more: string]: unknown;
}

export type Message = Omit<Schemas["MessageView"], "kind" | "payload"> & {
  kind: MessageKind;
  payload: Envelope;
};
export type Conversation = Schemas["ConversationView"];
export type Contact = Schemas["ContactView"];
export type Fact = Schemas["FactView"];
export type Case = Schemas["CaseView"];
export type Step = Schemas["StepView"];
export type StepState = Step["state"];
export type Task = Schemas["TaskView"];
export type Gesture = Schemas["GestureView"];
export type Door = Schemas["DoorView"];
export type Move = Schemas["MoveView"];
export type Agent = Schemas["AgentView"];
export type Presence = Omit<Schemas["PresenceView"], "idle_since"> & {
  idle_since: string | null;
};
/** Where somebody may say that they are; what they do is in `state`. */
export type SaidState = Presence["said"];

/** One of the reasons for an agent, to be said in any language. */
export interface Reason {
  code: string;
  values: {
    skill?: string;
    level?: number;
    days?: number;
    free?: number;
    load?: number;
    capacity?: number;
    minutes?: number;
    allow?: string;
  };
}

/** Why routing chose an agent; work that was taken by hand has a code alone. */
export interface Decision {
  reasons?: Reason[];
  code?: string;
  /** The contact has left and is to be written or called. */
  callback?: "here" | "email" | "phone";
}

/** `reason` is one English sentence; `decision` is the same, to be said in any language. */
export type Interaction = Omit<Schemas["InteractionView"], "decision"> & { decision: Decision };

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

export type Account = Omit<Schemas["AccountView"], "capabilities"> & { capabilities: Capabilities };

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
  /** How bold, lists and links reach it. */
  marks: "plain" | "html" | "whatsapp" | "source";
  /** A text is paid by its parts, as SMS are. */
  segments: boolean;
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
  /** What can be wrong, by code, with `{places}` for what varies. */
  sentences?: Record<string, string | undefined>;
}

export interface SettingStrings {
  title?: string;
  description?: string;
}

/** A kind of channel as its connector describes it; its texts by language. */
export type ChannelKind = Omit<Schemas["ChannelView"], "strings" | "settings_schema" | "capabilities"> & {
  strings: Record<string, ChannelStrings | undefined>;
  settings_schema: JsonSchema;
  capabilities: Capabilities;
};

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
  pattern?: string;
  anyOf?: JsonSchema[];
  $ref?: string;
  $defs?: Record<string, JsonSchema>;
  [more: string]: unknown;
}

export type Organisation = Omit<Schemas["OrganisationView"], "hours"> & { hours: Hours };

export const WEEKDAYS = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"] as const;

/** Opening hours by weekday, each a list of `[from, to]` in local time; a missing day is closed. */
export type Hours = Partial<Record<(typeof WEEKDAYS)[number], [string, string][]>>;

export type Brand = Required<Schemas["BrandView"]>;

export interface Page<Item> {
  items: Item[];
  next_cursor: string | null;
}
