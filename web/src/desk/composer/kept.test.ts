import { beforeAll, beforeEach, expect, test, vi } from "vitest";
import { Problem } from "../../api/problem";
import { speak } from "../../i18n/index.svelte";
import { showing } from "./change";
import { EMPTY, keepDraft, place, readDraft, type Draft, type Mode } from "./drafts";
import { hearGone } from "./gone";
import { follow, type Kept } from "./kept";
import { noteOurs } from "./ours";

const server = vi.hoisted(() => ({ drafts: vi.fn(), keepDraft: vi.fn() }));
const me = vi.hoisted(() => ({ agentId: "ana" }));
const heard = vi.hoisted(() => ({ hear: new Set<(event: unknown) => void>() }));
const say = vi.hoisted(() => vi.fn());
vi.mock("../../api/together", () => ({ together: server }));
vi.mock("../../access/session.svelte", () => ({ me }));
vi.mock("../../live/desk.svelte", () => ({
  live: {
    state: { agents: {}, conversations: {} },
    hear: (hear: (event: unknown) => void) => {
      heard.hear.add(hear);
      return () => heard.hear.delete(hear);
    },
  },
}));
vi.mock("../../ui/toasts.svelte", () => ({ toasts: { say } }));

const AGAIN_MS = 5_000;
interface Body {
  text: string;
}
let kept: Record<string, string> = {};
let number = 0;
let id = "";

const reply = (text: string, over: Partial<Draft> = {}): Draft => ({ ...EMPTY, text, ...over });
const view = (text: string, over: object = {}) => ({
  kind: "reply",
  ...{ text, to: "", cc: "", bcc: "", reply_all: false, files: [], came: [] },
  ...over,
});

/** A composer as it stands on the screen; what is put or typed is heard a moment later. */
class Composer {
  readonly drafts: Record<Mode, Draft>;
  readonly #kept: Kept;
  readonly #hide: () => void;

  constructor(text = "") {
    this.drafts = { reply: reply(text), note: { ...EMPTY, mode: "note" } };
    const read = (mode: Mode): Draft => this.drafts[mode];
    this.#kept = follow(id, { agentId: "ana", read, put: this.put });
    for (const mode of ["reply", "note"] as const) this.#kept.changed(mode, read(mode));
    keepDraft(id, this.drafts.reply);
    const change = (mode: Mode, how: (draft: Draft) => Draft): void => {
      this.put(mode, how(read(mode)));
    };
    this.#hide = showing(id, { change, isUploading: () => false });
  }
  put = (mode: Mode, draft: Draft): void => {
    this.drafts[mode] = draft;
    keepDraft(id, draft);
    this.#kept.changed(mode, draft);
  };
  get text(): string {
    return this.drafts.reply.text;
  }
  type(text: string): void {
    this.put("reply", { ...this.drafts.reply, text });
  }
  stop(): void {
    this.#hide();
    this.#kept.stop();
  }
}

const told = (text: string): unknown => expect.objectContaining({ text });
const settled = (ms = 0): Promise<unknown> => vi.advanceTimersByTimeAsync(ms);
const works = (): void => {
  server.keepDraft.mockImplementation((_: string, mode: Mode, body: Body) => {
    kept[mode] = body.text;
    return Promise.resolve();
  });
};
const answers = (text = "", over: object = {}): void => {
  server.drafts.mockResolvedValue(text ? [view(text, over)] : []);
};
/** An event as every desk hears it. */
const event = (type: string, data: object): void => {
  for (const hear of heard.hear) hear({ type, data });
};
const given = (to: string): void => {
  event("transfer.changed", {
    transfer: { conversation_id: id, state: "done", got_by: to, from_agent_id: to === "ana" ? "berta" : "ana" },
  });
};

beforeAll(() => speak("es"));
beforeEach(() => {
  vi.useFakeTimers();
  localStorage.clear();
  say.mockReset();
  heard.hear.clear();
  id = `c${(++number).toString()}`;
  kept = {};
  me.agentId = "ana";
  server.keepDraft.mockReset();
  works();
  answers();
});

test("what another device wrote comes where nothing is written, and is not told again", async () => {
  answers("Con gusto");
  const one = new Composer();
  await settled();
  expect(one.text).toBe("Con gusto");
  await settled(AGAIN_MS);
  one.stop();
  await settled();
  expect(server.keepDraft).not.toHaveBeenCalled();
});

test("what is written is told after a pause, and what went out is taken away at once", async () => {
  const one = new Composer();
  await settled();
  one.type("Llega");
  one.type("Llega el viernes");
  await settled(1_500);
  expect(server.keepDraft).toHaveBeenCalledExactlyOnceWith(id, "reply", told("Llega el viernes"));
  one.type("");
  await settled();
  expect(kept["reply"]).toBe("");
});

test("taking away what went out is tried until it is done, also when one has left", async () => {
  answers("Llega el viernes");
  const one = new Composer("Llega el viernes");
  await settled();
  server.keepDraft.mockRejectedValue(new Problem(503));
  one.type("");
  await settled();
  one.stop();
  const again = new Composer(); // the server still has the old text
  await settled();
  expect(again.text).toBe("");
  works();
  await settled(AGAIN_MS);
  expect(kept["reply"]).toBe("");
});

test("one who goes on before the pause is over has it told", async () => {
  const one = new Composer();
  await settled();
  one.type("Llega");
  one.stop();
  await settled();
  expect(kept["reply"]).toBe("Llega");
});

test("what went out before the server answered does not come back", async () => {
  let answer: (found: unknown) => void = () => undefined;
  server.drafts.mockReturnValue(new Promise((resolve) => (answer = resolve)));
  const one = new Composer("Llega el viernes");
  one.type("");
  answer([view("Llega el viernes")]);
  await settled();
  expect(one.text).toBe("");
  expect(kept["reply"]).toBe("");
});

test("an older text never lands on a newer one", async () => {
  const landing: (() => void)[] = [];
  server.keepDraft.mockImplementation(
    (_: string, mode: Mode, body: Body) =>
      new Promise<void>((resolve) => {
        landing.push(() => {
          kept[mode] = body.text;
          resolve();
        });
      }),
  );
  const one = new Composer();
  await settled();
  one.type("Llega");
  await settled(1_500);
  one.type("");
  await settled();
  expect(landing).toHaveLength(1);
  landing[0]?.();
  await settled();
  landing[1]?.();
  await settled();
  expect(kept["reply"]).toBe("");
});

test("nobody tells in another's name, and what is refused is not asked again", async () => {
  const one = new Composer();
  await settled();
  server.keepDraft.mockRejectedValue(new Problem(0));
  one.type("de Ana");
  await settled(1_500);
  server.keepDraft.mockRejectedValue(new Problem(401));
  me.agentId = "berta";
  await settled(AGAIN_MS);
  works();
  await settled(2 * AGAIN_MS);
  expect(kept["reply"]).toBeUndefined();

  server.keepDraft.mockClear();
  server.keepDraft.mockRejectedValue(new Problem(403));
  one.type("de Berta");
  await settled(1_500 + 2 * AGAIN_MS);
  expect(server.keepDraft).toHaveBeenCalledOnce();
});

test("what was given to somebody else leaves the field, and what the server was not told stays", async () => {
  const stop = hearGone();
  const one = new Composer();
  await settled();
  one.type("Llega");
  await settled(1_500);
  one.put("note", { ...EMPTY, mode: "note", text: "ojo" });
  given("berta");
  await settled(AGAIN_MS);
  expect(one.text).toBe("");
  expect(kept).toEqual({ reply: "Llega", note: "ojo" });
  expect(one.drafts.note.text).toBe("ojo");
  stop();
});

test("it leaves the device too when its conversation is on no screen", async () => {
  const stop = hearGone();
  const one = new Composer();
  await settled();
  one.type("Llega");
  await settled(1_500);
  one.stop();
  event("conversation.changed", { conversation: { id, assignee_id: "berta" } }); // it was not ours
  expect(readDraft(id, "reply").text).toBe("Llega");
  given("berta");
  expect(readDraft(id, "reply")).toEqual(EMPTY);
  await settled(AGAIN_MS);
  expect(kept["reply"]).toBe("Llega"); // which is hers by now
  stop();
});

test("what went meanwhile is not here any more, and can be had again", async () => {
  answers("Llega");
  const one = new Composer();
  await settled();
  one.stop();
  answers();
  const again = new Composer("Llega");
  await settled();
  expect(again.text).toBe("");
  const [, back] = say.mock.calls[0] as [string, { run: () => void }];
  back.run();
  expect(again.text).toBe("Llega");
  await settled(1_500);
  expect(kept["reply"]).toBe("Llega");
});

test("what another device wrote on comes over what was not changed here", async () => {
  answers("Llega");
  new Composer().stop();
  const one = new Composer();
  await settled();
  one.stop();
  answers("Llega el viernes");
  const again = new Composer("Llega");
  await settled();
  expect(again.text).toBe("Llega el viernes");
  again.stop();
  answers("Llega el lunes");
  const changed = new Composer("Llega el viernes.");
  await settled();
  expect(changed.text).toBe("Llega el viernes.");
  expect(kept["reply"]).toBe("Llega el viernes.");
});

test("files and recipients come and are told with the text", async () => {
  const file = { id: "f1", filename: "plano.pdf", size: 10 };
  answers("Le adjunto", { cc: "luis@x.example", files: [file] });
  const one = new Composer();
  await settled();
  expect(one.drafts.reply).toEqual(reply("Le adjunto", { cc: "luis@x.example", files: [file] }));
  one.type("Le adjunto todo");
  await settled(1_500);
  expect(server.keepDraft).toHaveBeenCalledExactlyOnceWith(
    id,
    "reply",
    expect.objectContaining({ text: "Le adjunto todo", cc: "luis@x.example", file_ids: ["f1"] }),
  );
});

test("what comes along to one that was begun goes below it, once", async () => {
  const came = { id: `came ${id}`, from_agent_id: "berta", ...view("De Berta", { cc: "a@b.co" }) };
  const one = new Composer();
  await settled();
  one.type("De Ana");
  answers("De Ana", { came: [came] });
  given("ana");
  await settled();
  expect(one.text).toBe("De Ana\n\n———\n\nDe Berta");
  expect(one.drafts.reply.cc).toBe("a@b.co");
  expect(say).toHaveBeenCalledOnce();
  const told = { text: one.text, took: [came.id] };
  expect(server.keepDraft).toHaveBeenLastCalledWith(id, "reply", expect.objectContaining(told));
  one.type("De Ana");
  answers(one.text, { came: [came] });
  given("ana");
  await settled(1_500);
  expect(one.text).toBe("De Ana"); // it was taken out again
});

const fromOtherTab = (before: Draft | null, now: Draft | null): void => {
  const entry = (draft: Draft | null): string | null => draft && JSON.stringify(draft);
  const [oldValue, newValue] = [entry(before), entry(now)];
  dispatchEvent(new StorageEvent("storage", { key: place(id, "reply"), oldValue, newValue }));
};

test("what another tab sends leaves this one, unless it was changed here", async () => {
  const one = new Composer("Llega");
  await settled();
  fromOtherTab(reply("Llega"), reply("Llega el viernes"));
  expect(one.text).toBe("Llega el viernes");
  server.keepDraft.mockClear();
  fromOtherTab(reply("Llega el viernes"), null);
  expect(one.text).toBe("");
  await settled(AGAIN_MS);
  expect(server.keepDraft).not.toHaveBeenCalled(); // the other tab tells
  one.type("Otra cosa");
  fromOtherTab(reply("Llega"), null);
  expect(one.text).toBe("Otra cosa");
});

test("one's own words that arrive from another device leave the composer, unless they were changed", async () => {
  const stop = hearGone();
  const mine = (text: string, clientId: string): void => {
    const message = { conversation_id: id, direction: "out", author_id: "ana", client_id: clientId, text };
    event("message.created", { message: { ...message, payload: {}, attachments: [] } });
  };
  const one = new Composer("Llega");
  await settled();
  mine("Llega el viernes", "1");
  expect(one.text).toBe("Llega");
  mine("Llega", "2");
  expect(one.text).toBe("");
  noteOurs("3");
  one.type("Gracias");
  mine("Gracias", "3"); // this page sent it: what stands there now was written since
  expect(one.text).toBe("Gracias");
  stop();
});
