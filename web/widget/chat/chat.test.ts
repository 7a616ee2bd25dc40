import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { es } from "../i18n/es";
import type { Identity, Options, Preference, Prefers, Session } from "../types";
import { Chat } from "./chat";
import type { Kept } from "./kept";
import { openStorage } from "./storage";

const options: Options = { server: "https://trato.example/", account: "shop", language: "es", theme: null, watch: false };
const proofOf = (userId: string): Identity => ({ userId, exp: 1, signature: "s" });

/** What a visitor's session is asked with. */
interface Asked {
  token: string | null;
  identity: { user_id: string } | null;
}

/** A server with little more than sessions; `asked` is what it was asked, `before` happens before it answers. */
class Server {
  asked: Asked[] = [];
  said: { text: string; by: string }[] = [];
  away = false;
  refuses = false;
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
    if (!address.endsWith("/session")) return new Response(null, { status: 204 });
    const asked = JSON.parse(body as string) as Asked;
    this.asked.push(asked);
    const answer = this.#open(asked);
    this.before();
    return Response.json(answer);
  };

  #open({ token, identity }: Asked): Session {
    let held = this.#visitors.has(token ?? "") ? (token ?? "") : this.#begin(`anonymous ${this.asked.length}`, false);
    const user = this.refuses ? null : identity?.user_id;
    if (user && this.#visitors.get(held)?.id !== user) {
      if (!this.#visitors.get(held)?.known) this.#visitors.delete(held);
      held = this.#begin(user, true);
    }
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

  #take(headers: Headers, body: string): Response {
    const by = this.#visitors.get(headers.get("Authorization")?.replace("Bearer ", "") ?? "");
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

let server: Server;
let close: () => void;
const storage = openStorage("shop", localStorage);
const kept = () => storage.get<Kept>("session");
const newChat = () => new Chat(options, es, () => undefined);

/** Another tab wrote it. */
function elsewhere(value: Kept | null): void {
  const key = "trato:shop:session";
  const oldValue = localStorage.getItem(key);
  storage.set("session", value);
  dispatchEvent(new StorageEvent("storage", { key, oldValue, newValue: localStorage.getItem(key) }));
}

beforeEach(() => {
  localStorage.clear();
  sessionStorage.clear();
  server = new Server();
  vi.stubGlobal("fetch", server.fetch);
  // a page is closed by its browser; here each test has to stop hearing what the next one does
  const listen = addEventListener;
  const heard: Parameters<typeof listen>[] = [];
  vi.stubGlobal("addEventListener", (...given: Parameters<typeof listen>) => {
    heard.push(given);
    listen(...given);
  });
  close = () => {
    dispatchEvent(new Event("pagehide"));
    for (const [name, listener] of heard) removeEventListener(name, listener);
  };
});

afterEach(() => {
  close();
  vi.unstubAllGlobals();
});

describe("a proof of who the visitor is", () => {
  test("is shown once, whether it is taken or refused", async () => {
    for (const refuses of [false, true]) {
      server = new Server();
      server.refuses = refuses;
      vi.stubGlobal("fetch", server.fetch);
      localStorage.clear();
      const chat = newChat();
      await chat.identify(proofOf("pedro"));
      await chat.start();
      await chat.start();
      expect(server.asked.map(({ identity }) => identity?.user_id)).toEqual(["pedro", undefined]);
      await chat.identify(proofOf("pedro"));
      expect(server.asked.at(-1)?.identity?.user_id).toBe("pedro");
    }
  });

  test("that comes while a session is asked for is shown with the next", async () => {
    const chat = newChat();
    server.before = () => {
      server.before = () => undefined;
      void chat.identify(proofOf("pedro"));
    };
    await chat.start();
    expect([chat.state.identified, kept()?.visitor]).toEqual([true, "pedro"]);
  });

  test("leaves the words of a visitor who had no name, and takes those of another one", async () => {
    const chat = newChat();
    await chat.start();
    storage.set("draft", "a medio escribir");
    await chat.identify(proofOf("pedro"));
    expect(storage.get("draft")).toBe("a medio escribir");
    const { left } = chat;
    storage.set("outbox", [{ client_id: "k", text: "de Pedro", attachments: [], at: "", error: "refused" }]);
    storage.set("prefers", "alone");
    await chat.identify(proofOf("ana"));
    expect(["draft", "outbox", "prefers"].map((name) => storage.get(name))).toEqual([null, null, null]);
    expect([chat.left, chat.state.pending, kept()?.visitor]).toEqual([left + 1, [], "ana"]);
  });
});

describe("how they like to be helped", () => {
  beforeEach(() => {
    let turn: Promise<unknown> = Promise.resolve();
    const request = (_name: string, _options: object, work: () => Promise<void>) => (turn = turn.then(work));
    Object.defineProperty(navigator, "locks", { value: { request }, configurable: true });
  });
  afterEach(() => {
    Reflect.deleteProperty(navigator, "locks");
  });

  test("a session that was asked for before does not take back what they chose", async () => {
    const chat = newChat();
    server.prefers = "alone";
    await chat.start();
    let chosen = Promise.resolve();
    server.before = () => {
      server.before = () => undefined;
      chosen = chat.prefer({ prefers: "person" });
    };
    await chat.start();
    await chosen;
    expect([chat.state.preference.prefers, storage.get("prefers"), server.prefers]).toEqual(["person", "person", "person"]);
  });

  test("a wish of somebody who left meanwhile is not told as the next one's", async () => {
    const chat = newChat();
    await chat.identify(proofOf("pedro"));
    await chat.start();
    const chosen = chat.prefer({ prefers: "person" });
    void chat.identify(null);
    await chosen;
    expect([chat.state.preference.prefers, storage.get("prefers"), server.prefers]).toEqual(["unknown", null, "unknown"]);
  });
});

describe("who signs out", () => {
  test("is forgotten at once, with the server away", async () => {
    const chat = newChat();
    await chat.identify(proofOf("pedro"));
    await chat.start();
    for (const name of ["draft", "outbox", "searched", "trail"]) storage.set(name, [name]);
    sessionStorage.setItem("trato-trail", "[]");
    server.away = true;
    void chat.identify(null);
    expect(localStorage.length + sessionStorage.length).toBe(0);
    expect([chat.state.identified, chat.state.visitorId]).toEqual([false, null]);
  });

  test("stays away when a session was being asked for", async () => {
    const chat = newChat();
    await chat.identify(proofOf("pedro"));
    server.before = () => {
      server.before = () => undefined;
      void chat.identify(null);
    };
    await chat.start();
    expect([chat.state.identified, kept()?.identified]).toEqual([false, false]);
    expect(server.asked.map(({ identity }) => identity?.user_id)).toEqual(["pedro", undefined]);
  });

  test("in another tab is not signed in again by a proof that was not shown yet", async () => {
    elsewhere({ token: "t", identified: true, alive: true, visitor: "pedro" });
    const chat = newChat();
    await chat.identify(proofOf("pedro"));
    elsewhere(null);
    await chat.start();
    expect([server.asked.length, chat.state.identified]).toEqual([1, false]);
  });

  test("in another tab leaves nothing on this one's screen", async () => {
    const chat = newChat();
    await chat.identify(proofOf("pedro"));
    await chat.start();
    server.away = true;
    elsewhere(null);
    expect([chat.left, chat.state.visitorId]).toEqual([1, null]);
  });
});

test("who has no conversation hears that the network is back", async () => {
  const chat = newChat();
  await chat.start();
  dispatchEvent(new Event("offline"));
  expect(chat.state.online).toBe(false);
  dispatchEvent(new Event("online"));
  await vi.waitFor(() => { expect(chat.state.online).toBe(true); }, 20_000);
});

test("what was written while another tab signed in is sent by who they are now", async () => {
  const [one, other] = [newChat(), newChat()];
  await one.start();
  await other.start();
  await one.identify(proofOf("pedro")); // which ends the session that the other tab still has
  other.say("hola", []);
  await vi.waitFor(() => { expect(server.said).toEqual([{ text: "hola", by: "pedro" }]); }, 20_000);
  expect(other.state.visitorId).toBe("pedro");
});
