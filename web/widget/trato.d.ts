/**
 * What a page may ask of the widget, and what the widget tells it. The one name it brings is `Trato`.
 *
 * Before the script is there `Trato` may be an array: what is pushed into it is done once it has come.
 *
 *     (window.Trato ||= []).push(["open", { text: "Mi pedido no llegó." }]);
 */

/** Who the site says its visitor is; made and signed by the site's server, never in the page. */
export interface TratoIdentity {
  userId: string;
  name?: string;
  email?: string;
  /** Until when it is good: seconds since 1970, at most 24 hours ahead. */
  exp: number;
  /** HMAC-SHA256 in lower-case hex. */
  signature: string;
}

/** How the widget opens; all of it may be left out. */
export interface TratoOpening {
  /** Put into the empty field, for the visitor to send or change. */
  text?: string;
  /** An article of the help centre, shown in place: its slug, or `language/slug`. */
  article?: string;
  /** `chat`: the place to write; `callback`: how and when they would like to be written or called. */
  way?: "chat" | "callback";
  /** Show how to report that the page does not work, with this much said already where nothing was written. */
  report?: string;
}

/** Where the visitor is on the site. What is too long is cut, what is not known is left out. */
export interface TratoContext {
  /** The product that the page shows; the search finds what is said of it first. */
  product?: {
    /** At most 64 characters. */
    id?: string;
    /** At most 200 characters. */
    name?: string;
    /** As the page writes it; at most 64 characters. */
    price?: string;
  };
  /** `product`, `cart`, `checkout`, `payment`, `thanks`, or a word of your own; at most 64 characters. */
  step?: string;
  cart?: {
    items?: number;
    total?: number | string;
    /** ISO 4217. */
    currency?: string;
  };
  /** The number of an order that the page is about; at most 64 characters. */
  order?: string;
  /** BCP 47; else the page's. */
  language?: string;
}

/** An order that is complete, told on the page that says thank you. The same number is counted once. */
export interface TratoOrder {
  /** At most 64 characters. */
  number: string;
  /** From 0 to 1,000,000,000. */
  total: number | string;
  /** ISO 4217, such as `ARS`. */
  currency: string;
}

/** What is told, by the name it is told under; on the document it is the event `trato:` and the name. */
export interface TratoEvents {
  /** The widget is open. */
  opened: { type: "opened" };
  /** It is closed again. */
  closed: { type: "closed" };
  /** An answer of ours has come. */
  message: { type: "message"; id: string };
  /** What the visitor wrote is kept at our side. */
  sent: { type: "sent"; id: string };
  /** How many answers the visitor has not seen. */
  unread: { type: "unread"; count: number };
  /** The visitor opened an answer of the search. */
  answered: { type: "answered"; article: string };
  /** The visitor said that it is solved: by the article, or by what was said in the chat, once that is kept. */
  solved: { type: "solved"; by: "article" | "chat" };
  /** An order was told: `counted`, or `known` from before. */
  ordered: { type: "ordered"; number: string; state: "counted" | "known" | "refused" };
  /** The proof of who the visitor is was refused, or was none, and why. */
  "identity-refused": { type: "identity-refused"; reason: string };
}
export type TratoEventName = keyof TratoEvents;
export type TratoEvent = TratoEvents[TratoEventName];

export interface TratoApi {
  open(opening?: TratoOpening): void;
  /** Leaves the focus where it is, unless it was in the widget. */
  close(): void;
  /**
   * Says who the visitor is, at any time; null: nobody now. Another person takes the place of the one before at once, also
   * where their proof is refused: then they are anonymous.
   */
  identify(identity: TratoIdentity | null): void;
  /** Says where the visitor is; takes the place of what was said before. */
  context(context: TratoContext | null): void;
  order(order: TratoOrder): void;
  /** Hears one kind of event; returns what stops it. What the listener throws is reported to the page. */
  on<Name extends TratoEventName>(name: Name, listener: (event: TratoEvents[Name]) => void): () => void;
  /** Hears all of them. */
  on(listener: (event: TratoEvent) => void): () => void;
  /** Does what is named, as an array did before the script was there. As any call, it puts the widget back on the page. */
  push(...calls: TratoCall[]): void;
}

export type TratoCall =
  | ["open", TratoOpening?]
  | ["close"]
  | ["identify", TratoIdentity | null]
  | ["context", TratoContext | null]
  | ["order", TratoOrder]
  | ["on", TratoEventName, (event: never) => void]
  | ["on", (event: TratoEvent) => void];

declare global {
  interface Window {
    Trato?: TratoApi | TratoCall[];
  }
}
