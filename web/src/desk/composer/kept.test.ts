import { beforeEach, expect, test, vi } from "vitest";
import { Problem } from "../../api/problem";
import type { Mode } from "./drafts";
import { follow, type Kept } from "./kept";

const server = vi.hoisted(() => ({ drafts: vi.fn(), keepDraft: vi.fn() }));
const me = vi.hoisted(() => ({ agentId: "ana" }));
const heard = vi.hoisted(() => ({ hear: undefined as ((event: unknown) => void) | undefined }));
vi.mock("../../api/together", () => ({ together: server }));
vi.mock("../../access/session.svelte", () => ({ me }));
vi.mock("../../live/desk.svelte", () => ({
  live: {
    hear: (hear: (event: unknown) => void) => {
      heard.hear = hear;
      return () => undefined;
    },
  },
}));

const AGAIN_MS = 5_000;
let kept: Record<string, string> = {};
let number = 0;
let id = "";

/** A composer as it stands on the screen; what is put or typed is heard a moment later. */
function composer(reply = ""): Kept & { texts: Record<Mode, string>; type: (text: string) => void } {
  const texts = { reply, note: "" };
  const put = (mode: Mode, text: string): void => {
    texts[mode] = text;
    following.changed(mode, text);
  };
  const following = follow(id, { agentId: "ana", read: (mode) => texts[mode], put });
  return { ...following, texts, type: (text) => { put("reply", text); } };
}

const settled = (ms = 0): Promise<unknown> => vi.advanceTimersByTimeAsync(ms);
const works = (): void => {
  server.keepDraft.mockImplementation((_: string, mode: Mode, text: string) => {
    kept[mode] = text;
    return Promise.resolve();
  });
};
const answers = (text = ""): void => {
  server.drafts.mockResolvedValue(text ? [{ kind: "reply", text }] : []);
};

beforeEach(() => {
  vi.useFakeTimers();
  id = `c${(++number).toString()}`;
  kept = {};
  me.agentId = "ana";
  server.keepDraft.mockReset();
  works();
  answers();
});

test("what another device wrote comes where nothing is written, and is not told again", async () => {
  answers("Con gusto");
  const one = composer();
  await settled();
  expect(one.texts.reply).toBe("Con gusto");
  await settled(AGAIN_MS);
  one.stop();
  await settled();
  expect(server.keepDraft).not.toHaveBeenCalled();
});

test("what is written is told after a pause, and what went out is taken away at once", async () => {
  const one = composer();
  await settled();
  one.type("Llega");
  one.type("Llega el viernes");
  await settled(1_500);
  expect(server.keepDraft).toHaveBeenCalledExactlyOnceWith(id, "reply", "Llega el viernes");
  one.type("");
  await settled();
  expect(kept["reply"]).toBe("");
});

test("taking away what went out is tried until it is done, also when one has left", async () => {
  answers("Llega el viernes");
  const one = composer("Llega el viernes");
  await settled();
  server.keepDraft.mockRejectedValue(new Problem(503));
  one.type("");
  await settled();
  one.stop();
  const again = composer(); // the server still has the old text
  await settled();
  expect(again.texts.reply).toBe("");
  works();
  await settled(AGAIN_MS);
  expect(kept["reply"]).toBe("");
});

test("one who goes on before the pause is over has it told", async () => {
  const one = composer();
  await settled();
  one.type("Llega");
  one.stop();
  await settled();
  expect(kept["reply"]).toBe("Llega");
});

test("what went out before the server answered does not come back", async () => {
  let answer: (found: unknown) => void = () => undefined;
  server.drafts.mockReturnValue(new Promise((resolve) => (answer = resolve)));
  const one = composer("Llega el viernes");
  one.type("");
  answer([{ kind: "reply", text: "Llega el viernes" }]);
  await settled();
  expect(one.texts.reply).toBe("");
  expect(kept["reply"]).toBe("");
});

test("an older text never lands on a newer one", async () => {
  const landing: (() => void)[] = [];
  server.keepDraft.mockImplementation(
    (_: string, mode: Mode, text: string) =>
      new Promise<void>((resolve) => {
        landing.push(() => {
          kept[mode] = text;
          resolve();
        });
      }),
  );
  const one = composer();
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
  const one = composer();
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

test("what was given to somebody else leaves the field", async () => {
  const one = composer();
  await settled();
  one.type("Llega");
  await settled(1_500);
  heard.hear?.({
    type: "transfer.changed",
    data: { transfer: { conversation_id: id, state: "done", got_by: "berta", from_agent_id: "ana" } },
  });
  await settled(AGAIN_MS);
  expect(one.texts.reply).toBe("");
  expect(server.keepDraft).toHaveBeenCalledOnce();
});
