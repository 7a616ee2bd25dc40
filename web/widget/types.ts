/** The words that the widget's parts and the visitor API share. */
import type { TratoContext, TratoEvent, TratoIdentity, TratoOpening } from "./trato";

/** What the shop's script tag says. */
export interface Options {
  /** Where Trato lives, ending with a slash. */
  server: string;
  /** The account's public key. */
  account: string;
  language: string;
  theme: "light" | "dark" | null;
  /** Whether the site wants its visitors told when its page fails. */
  watch: boolean;
}

export type Identity = TratoIdentity;

/** Where the visitor is on the site, as its page says. */
export type Context = TratoContext;

export type WidgetEvent = TratoEvent;

export interface Attachment {
  id: string;
  filename: string;
  content_type: string;
  size: number;
}

export interface Message {
  id: string;
  conversation_id: string;
  mine: boolean;
  author: string | null;
  text: string;
  /** RFC 3339. */
  at: string;
  client_id: string | null;
  version: number;
  /** The text is marked: bold, lists, links. */
  marks: boolean;
  /** A question that two buttons answer, until it was answered. */
  asks: "resolved" | null;
  attachments: Attachment[];
}

/** Somebody who helps; `picture` is where it is, from the server's address on. */
export interface Person {
  name: string;
  picture: string | null;
}

/** How a conversation stands, as its visitor may know it. */
export interface Standing {
  status: "open" | "closed";
  agent: Person | null;
  /** Names of those who help with it. */
  beside: string[];
  waiting: boolean;
  agent_read_at: string | null;
}

export interface Conversation extends Standing {
  id: string;
  contact_read_at: string | null;
}

export interface CaseLine {
  number: number;
  title: string;
  status: "open" | "waiting" | "resolved" | "closed";
  step: string | null;
  promised_at: string | null;
}

/** How the visitor likes to be helped; null where they did not say. */
export interface Preference {
  prefers: Prefers;
  channel: string | null;
  tone: "usted" | "tu" | "vos" | null;
}

export type Prefers = "unknown" | "alone" | "person";

/** What is said of a wait; minutes where the code speaks of them. */
export interface Told {
  code: "moment" | "under" | "about" | "between" | "today" | "later" | "closed" | "nobody";
  low_min: number | null;
  high_min: number | null;
  opens_at: string | null;
}

/** What was agreed instead of waiting on the page; without a slot: when the turn comes. */
export interface Callback {
  how: How;
  address: string | null;
  slot_start: string | null;
  slot_end: string | null;
  state: "waiting" | "scheduled" | "done" | "cancelled";
}

export type How = "here" | "email" | "phone";

export interface Wait {
  /** From 1; null for who is not in line. */
  position: number | null;
  told: Told | null;
  is_long: boolean;
  is_open: boolean;
  callback: Callback | null;
}

export interface Slot {
  start: string;
  end: string;
}

/** Whether somebody can answer: free, all occupied, nobody there. */
export type People = "available" | "busy" | "away";

export interface Greeting {
  name: string;
  case: CaseLine | null;
  brand: string;
  text: string | null;
}

export interface Limits {
  max_file_bytes: number;
  max_text: number;
  extensions: string[];
}

/** What a visitor did alone; of the help centre's pages they stand in its tab. */
export interface Step {
  id: string;
  kind: "search" | "article" | "feedback" | "page" | "failure";
  /** RFC 3339. */
  at: string;
  [name: string]: unknown;
}

/** What is asked of the widget when it opens. */
export type Opening = TratoOpening;

/** A page that does not work. */
export interface Report {
  page: string;
  expected: string;
  email: string;
  attachment_id?: string;
}

export interface Session {
  token: string;
  visitor_id: string;
  identified: boolean;
  identity_problem: string | null;
  greeting: Greeting;
  preference: Preference;
  /** The channels that the visitor may prefer, by their names in the page's language. */
  channels: { kind: string; name: string }[];
  /** An address that the visitor gave before. */
  email: string | null;
  /** Who answers for the thing that the matter is about, when it may be taken to them now. */
  owner: { name: string; thing: string } | null;
  people: People;
  /** Who can take somebody on now, by first name. */
  present: Person[];
  limits: Limits;
  /** Whether a copy can be sent by mail. */
  transcript: boolean;
  conversation: (Conversation & { messages: Message[] }) | null;
  /** Null while somebody attends. */
  wait: Wait | null;
  incidents: Incident[];
  /** Whether what they did alone is shared, and for how many days it would be kept. */
  trail: { shared: boolean; days: number };
  position: number;
}

/** Something known that does not work, or planned work. */
export interface Incident {
  id: string;
  kind: "incident" | "maintenance";
  planned: boolean;
  title: string;
  text: string;
  follows: boolean;
  /** Whether we know where to tell them. */
  reachable: boolean;
  /** Whether whom we cannot reach yet can give an address for it. */
  by_mail: boolean;
}

/** A message that the server has not confirmed yet; kept across reloads. */
export interface Pending {
  client_id: string;
  text: string;
  attachments: Attachment[];
  at: string;
  /** Why it cannot be sent as it is; null while it waits its turn. */
  error: string | null;
  /** Not words but the answer to what a message asked: whether it is solved. */
  answers?: { message: string; solved: boolean };
}

/** An article that the search found. */
export interface Found {
  language: string;
  slug: string;
  title: string;
  passage: string;
  url: string;
}

export interface Answers {
  state: "answered" | "perhaps" | "unknown" | "not_now";
  items: Found[];
}

/** A text, or an element of few kinds with what is in it. */
export type Leaf = string | { t: string; href?: string; c?: Leaf[] };

export interface Article {
  language: string;
  slug: string;
  title: string;
  summary: string;
  body: Leaf[];
  /** False where it was cut: the rest stands in the help centre. */
  whole: boolean;
  url: string;
}
