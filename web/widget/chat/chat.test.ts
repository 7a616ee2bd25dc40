import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { es } from "../i18n/es";
import type { Identity, Message, Options, WidgetEvent } from "../types";
import { Chat } from "./chat";
import type { Kept } from "./kept";
import { Server } from "./server.testing";
import { openStorage } from "./storage";

const options: Options = { server: "https://trato.example/", account: "shop", language: "es", theme: null, watch: false };
const proofOf = (userId: string): Identity => ({ userId, exp: 1, signature: "s" });

let server: Server;
let close: () => void;
const storage = openStorage("shop", localStorage);
const kept = () => storage.get<Kept>("session");
let events: WidgetEvent[] = [];
const newChat = () => new Chat(options, es, (event) => events.push(event));

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
  events = [];
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

describe("somebody else", () => {
  test("whose proof is refused is not left with who was here", async () => {
    const chat = newChat();
    await chat.identify(proofOf("pedro"));
    await chat.start();
    server.refuses = true;
    const asked = chat.identify(proofOf("ana"));
    expect([chat.state.visitorId, kept()]).toEqual([null, null]); // at once
    await asked;
    expect(server.asked.at(-1)).toMatchObject({ token: null, identity: { user_id: "ana" } });
    expect([chat.state.identified, chat.state.visitorId]).toEqual([false, "anonymous 2"]);
    expect(events.at(-1)).toEqual({ type: "identity-refused", reason: "expired" });
    chat.say("de Ana", []);
    await vi.waitFor(() => { expect(server.said).toEqual([{ text: "de Ana", by: "anonymous 2" }]); });
  });

  test("is here at once without a network; nothing that was written goes out as the other's", async () => {
    const chat = newChat();
    await chat.identify(proofOf("bea"));
    await chat.start();
    server.away = true;
    chat.say("de Bea", []);
    await vi.waitFor(() => { expect(chat.state.online).toBe(false); });
    void chat.identify(proofOf("carla"));
    expect([chat.state.visitorId, chat.state.pending]).toEqual([null, []]);
    chat.say("de Carla", []);
    server.away = false;
    dispatchEvent(new Event("online"));
    await vi.waitFor(() => {
      expect([...server.said].sort((one, other) => (one.by < other.by ? -1 : 1))).toEqual([
        { text: "de Bea", by: "bea" },
        { text: "de Carla", by: "carla" },
      ]);
    }, 20_000);
    expect([chat.state.visitorId, chat.state.pending]).toEqual(["carla", []]);
  });

  test("who writes before the server has answered is not taken for who could not show a proof either", async () => {
    const chat = newChat();
    server.away = true;
    void chat.start();
    void chat.identify(proofOf("bea"));
    chat.say("de Bea", []);
    void chat.identify(proofOf("carla"));
    chat.say("de Carla", []);
    server.away = false;
    dispatchEvent(new Event("online"));
    await vi.waitFor(() => { expect(new Set(server.said.map(({ text, by }) => `${text}: ${by}`))).toEqual(new Set(["de Bea: bea", "de Carla: carla"])); }, 20_000);
  });

  test("is not spoken for by a tab that has not heard of them yet", async () => {
    const [one, other] = [newChat(), newChat()];
    await one.identify(proofOf("bea"));
    await one.start();
    await other.start();
    await one.identify(proofOf("carla"));
    other.say("de Carla", []);
    await vi.waitFor(() => { expect(server.said).toEqual([{ text: "de Carla", by: "carla" }]); }, 20_000);
  });

  test("is heard of in the other tabs also where the browser keeps nothing", async () => {
    vi.stubGlobal("localStorage", null);
    const [one, other] = [newChat(), newChat()];
    for (const chat of [one, other]) {
      await chat.identify(proofOf("pedro"));
      await chat.start();
    }
    await one.identify(null);
    await vi.waitFor(() => { expect([other.left, other.state.identified]).toEqual([1, false]); }, 20_000);
  });
});

describe("what is no proof", () => {
  test.each([
    ["signature", { ...proofOf("ana"), signature: null }],
    ["exp", { ...proofOf("ana"), exp: "1790000000" }],
    ["userId", { ...proofOf("ana"), userId: 88120 }],
    ["userId", {}],
  ])("is refused for its %s, and the visitor has a chat", async (field, given) => {
    const chat = newChat();
    await chat.identify(given as unknown as Identity);
    await chat.start();
    expect([chat.state.phase, server.asked.at(-1)?.identity]).toEqual(["ready", null]);
    expect(events).toEqual([{ type: "identity-refused", reason: es.wrongIdentity(field) }]);
  });

  test("leaves nobody with who was here", async () => {
    const chat = newChat();
    await chat.identify(proofOf("pedro"));
    await chat.start();
    await chat.identify({} as Identity);
    expect([chat.state.phase, chat.state.identified, kept()?.identified]).toEqual(["ready", false, false]);
  });

  test("is dropped where the server cannot read it", async () => {
    server.strict = true;
    const chat = newChat();
    await chat.identify(proofOf("pedro"));
    await chat.start();
    await chat.start();
    expect(chat.state.phase).toBe("ready");
    expect(server.asked.map(({ identity }) => identity?.user_id)).toEqual(["pedro", undefined, undefined]);
    expect(events).toEqual([{ type: "identity-refused", reason: "too long" }]);
  });
});

test("the answer whether it is solved waits for the network, and is told to the page when it is through", async () => {
  const chat = newChat();
  await chat.identify(proofOf("pedro"));
  await chat.start();
  server.away = true;
  chat.answer({ id: "m1" } as Message, true);
  await vi.waitFor(() => { expect(chat.state.online).toBe(false); });
  expect(chat.state.pending.map(({ answers }) => answers)).toEqual([{ message: "m1", solved: true }]);
  expect(events.filter(({ type }) => type === "solved")).toEqual([]);
  server.away = false;
  dispatchEvent(new Event("online"));
  await vi.waitFor(() => { expect(server.answered).toEqual([{ message_id: "m1", solved: true, by: "pedro" }]); }, 20_000);
  await vi.waitFor(() => { expect(chat.state.pending).toEqual([]); });
  expect(events.filter(({ type }) => type === "solved")).toEqual([{ type: "solved", by: "chat" }]);
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
