/** The visitor API over fetch: a bearer token, JSON in and out, problems as one kind of error. */
import type {
  Attachment,
  Context,
  Conversation,
  How,
  Identity,
  Incident,
  Message,
  Pending,
  People,
  Preference,
  Report,
  Session,
  Slot,
  Step,
  Wait,
} from "../types";

const TIMEOUT_MS = 20_000;
const UPLOAD_TIMEOUT_MS = 120_000;

/** The server said no (RFC 9457), or did not answer: then `status` is 0. */
export class Problem extends Error {
  constructor(
    readonly status: number,
    readonly kind: string,
    detail: string,
    readonly todo = "",
    readonly retryAfterMs = 0,
  ) {
    super(detail);
  }

  /** Whether the same request may succeed later. */
  get passing(): boolean {
    return [0, 401, 408, 425, 429].includes(this.status) || this.status >= 500;
  }
}

export interface SentReply {
  message: Message;
  conversation: Conversation;
  people: People;
  wait: Wait | null;
}

export class Api {
  token: string | null = null;

  constructor(
    private readonly server: string,
    private readonly account: string,
    private readonly language: string,
  ) {}

  session(identity: Identity | null, page: string): Promise<Session> {
    return this.#json("POST", "session", {
      account: this.account,
      token: this.token,
      language: this.language,
      page,
      identity: identity && {
        user_id: identity.userId,
        name: identity.name ?? "",
        email: identity.email ?? "",
        exp: identity.exp,
        signature: identity.signature,
      },
    });
  }

  send(message: Pending): Promise<SentReply> {
    return this.#json("POST", "messages", {
      client_id: message.client_id,
      text: message.text,
      attachment_ids: message.attachments.map(({ id }) => id),
    });
  }

  async upload(file: File, signal: AbortSignal): Promise<Attachment> {
    const path = `attachments?${new URLSearchParams({ filename: file.name }).toString()}`;
    const headers = { "Content-Type": "application/octet-stream" };
    const deadline = new AbortController();
    const abort = () => {
      deadline.abort();
    };
    const timer = setTimeout(abort, UPLOAD_TIMEOUT_MS);
    signal.addEventListener("abort", abort);
    try {
      const response = await this.request("POST", path, { body: file, headers, signal: deadline.signal });
      return (await response.json()) as Attachment;
    } finally {
      clearTimeout(timer);
    }
  }

  async file(id: string): Promise<Blob> {
    return (await this.request("GET", `attachments/${id}`, {})).blob();
  }

  /** Answers whether the matter is solved. */
  answer(messageId: string, solved: boolean): Promise<void> {
    return this.#empty("answer", { message_id: messageId, solved });
  }

  /** Takes the matter to its owner. */
  toOwner(): Promise<void> {
    return this.#empty("owner", {});
  }

  /** Shares what the visitor did alone, as they agreed. */
  async share(steps: readonly Step[]): Promise<void> {
    const headers = { "Content-Type": "application/json" };
    await this.request("PUT", "trail", { body: JSON.stringify({ steps }), headers }).catch(unlessRefused);
  }

  /** Tells where the visitor is on the site. */
  async place(context: Context, page: string): Promise<void> {
    const headers = { "Content-Type": "application/json" };
    await this.request("PUT", "context", { body: JSON.stringify({ context, page }), headers });
  }

  /** Reports that a page does not work. */
  report(report: Report): Promise<void> {
    return this.#empty("page-reports", report);
  }

  /** Takes that back; nothing of it is left. */
  async unshare(): Promise<void> {
    await this.request("DELETE", "trail", {});
  }

  typing(): Promise<void> {
    return this.#empty("typing", {});
  }

  /** Says which answer arrived, or was seen. */
  seen(messageId: string, state: "delivered" | "read"): Promise<void> {
    return this.#empty("read", { message_id: messageId, state });
  }

  transcript(email: string): Promise<void> {
    return this.#empty("transcript", { email });
  }

  end(): Promise<void> {
    return this.#empty("end", {});
  }

  async slots(): Promise<Slot[]> {
    const response = await this.request("GET", "callback/slots", {});
    return ((await response.json()) as { items: Slot[] }).items;
  }

  /** Agrees on being written or called, or (null) takes that back. */
  async callback(wish: { how: How; address: string; slot: string | null } | null): Promise<Wait | null> {
    const path = "callback";
    if (wish) return (await this.#json<{ wait: Wait | null }>("PUT", path, wish)).wait;
    return ((await (await this.request("DELETE", path, {})).json()) as { wait: Wait | null }).wait;
  }

  async tellMe(id: string, email: string): Promise<"noted" | "confirm"> {
    return (await this.#json<{ state: "noted" | "confirm" }>("POST", `incidents/${id}/follow`, { email })).state;
  }

  /** What does not work now, or comes soon. */
  async incidents(): Promise<Incident[]> {
    const response = await this.request("GET", "incidents", {});
    return ((await response.json()) as { items: Incident[] }).items;
  }

  /** A link to the visitor's own cases, which works once and soon. */
  casesLink(): Promise<{ url: string }> {
    return this.#json("POST", "cases-link", {});
  }

  preference(change: Partial<Preference>): Promise<Preference> {
    return this.#json("PATCH", "preference", change);
  }

  /** Makes one request; rejects with `Problem`, also when the network or the deadline fails. */
  async request(method: string, path: string, init: RequestInit): Promise<Response> {
    const headers = new Headers(init.headers);
    if (this.token) headers.set("Authorization", `Bearer ${this.token}`);
    let response: Response;
    try {
      response = await fetch(`${this.server}api/v1/visitor/${path}`, {
        signal: within(TIMEOUT_MS),
        ...init,
        method,
        headers,
        credentials: "omit",
        referrerPolicy: "no-referrer",
      });
    } catch (error) {
      throw new Problem(0, "unreachable", String(error));
    }
    if (!response.ok) throw await problemOf(response);
    return response;
  }

  async #json<T>(method: string, path: string, body: unknown): Promise<T> {
    const headers = { "Content-Type": "application/json" };
    const response = await this.request(method, path, { body: JSON.stringify(body), headers });
    return (await response.json()) as T;
  }

  async #empty(path: string, body: unknown): Promise<void> {
    const headers = { "Content-Type": "application/json" };
    await this.request("POST", path, { body: JSON.stringify(body), headers });
  }
}

/** As `AbortSignal.timeout`, which older browsers do not have. */
function within(ms: number): AbortSignal {
  const stop = new AbortController();
  setTimeout(() => { stop.abort(); }, ms);
  return stop.signal;
}

async function problemOf(response: Response): Promise<Problem> {
  const retryAfterMs = 1_000 * (Number(response.headers.get("Retry-After")) || 0);
  let body: { type?: string; detail?: string; title?: string; todo?: string } = {};
  try {
    body = (await response.json()) as typeof body;
  } catch {
    // a proxy answered in its own words: the status says enough
  }
  const kind = (body.type ?? "").split(/[/:]/).pop() ?? "";
  return new Problem(response.status, kind, body.detail ?? body.title ?? response.statusText, body.todo, retryAfterMs);
}

/** What is only news for others may get lost with the network. */
export function passing(error: unknown): void {
  if (!(error instanceof Problem)) throw error;
}

/** What the server will never take is as good as told: it must not keep back what comes after it. */
function unlessRefused(error: unknown): void {
  if (!(error instanceof Problem) || error.passing) throw error;
}
