/** A visitor API in memory, for tests of the conversation. */
import type { Preference, Prefers, Session } from "../types";

/** What a visitor's session is asked with. */
interface Asked {
  token: string | null;
  identity: { user_id: string } | null;
}

/** A server with little more than sessions; `asked` is what it was asked, `before` happens before it answers. */
export class Server {
  asked: Asked[] = [];
  said: { text: string; by: string }[] = [];
  away = false;
  refuses = false;
  /** Takes no proof at all, and answers as to what it cannot read. */
  strict = false;
  answered: { message_id: string; solved: boolean; by: string | undefined }[] = [];
  prefers: Prefers = "unknown";
  before: () => void = () => undefined;
  #visitors = new Map<string, { id: string; known: boolean }>();

  fetch = async (address: string, { body, headers }: RequestInit): Promise<Response> => {
    await Promise.resolve();
    if (this.away) throw new TypeError("no network");
    if (address.endsWith("/messages")) return this.#take(new Headers(headers), body as string);
    if (address.endsWith("/preference")) {
      this.prefers = (JSON.parse(body as string) as Preference).prefers;
      return Response.json({ prefers: this.prefers, channel: null, tone: null });
    }
    if (address.endsWith("/answer")) {
      this.answered.push({ ...(JSON.parse(body as string) as { message_id: string; solved: boolean }), by: this.#by(headers)?.id });
      return new Response(null, { status: 204 });
    }
    if (!address.endsWith("/session")) return new Response(null, { status: 204 });
    const asked = JSON.parse(body as string) as Asked;
    this.asked.push(asked);
    if (this.strict && asked.identity) return Response.json({ type: "invalid", detail: "too long" }, { status: 422 });
    const answer = this.#open(asked);
    this.before();
    return Response.json(answer);
  };

  #open({ token, identity }: Asked): Session {
    let held = this.#visitors.has(token ?? "") ? (token ?? "") : this.#begin(`anonymous ${this.asked.length}`, false);
    if (identity) held = this.#prove(held, identity.user_id);
    const { id, known } = this.#visitors.get(held) ?? { id: "", known: false };
    return {
      token: held,
      visitor_id: id,
      identified: known,
      identity_problem: identity && this.refuses ? "expired" : null,
      greeting: { name: "", case: null, brand: "Tienda", text: null },
      preference: { prefers: this.prefers, channel: null, tone: null },
      channels: [],
      email: null,
      owner: null,
      people: "available",
      present: [],
      limits: { max_file_bytes: 10, max_text: 100, extensions: [] },
      transcript: false,
      conversation: null,
      wait: null,
      incidents: [],
      trail: { shared: false, days: 30 },
      position: 1,
    };
  }

  #by(headers: HeadersInit | undefined) {
    return this.#visitors.get(new Headers(headers).get("Authorization")?.replace("Bearer ", "") ?? "");
  }

  /** The session of the one who is named, or an anonymous one where they are not believed. */
  #prove(held: string, user: string): string {
    const found = this.#visitors.get(held);
    if (found?.id === user || (this.refuses && !found?.known)) return held;
    if (this.refuses) return this.#begin(`anonymous ${this.asked.length}`, false);
    if (!found?.known) this.#visitors.delete(held);
    return this.#begin(user, true);
  }

  #take(headers: Headers, body: string): Response {
    const by = this.#by(headers);
    if (!by) return new Response(null, { status: 401 });
    const { text, client_id } = JSON.parse(body) as { text: string; client_id: string };
    this.said.push({ text, by: by.id });
    const message = { id: client_id, conversation_id: "c1", mine: true, text, client_id, at: "2026-11-26T09:00:00Z", version: 1 };
    return Response.json({ message, conversation: { id: "c1", status: "open" }, people: "available", wait: null });
  }

  #begin(id: string, known: boolean): string {
    const token = `token ${this.asked.length} of ${id}`;
    this.#visitors.set(token, { id, known });
    return token;
  }
}
