import { beforeEach, expect, test, vi } from "vitest";
import { Problem } from "../api/problem";
import { views as api, type Item } from "../api/views";
import { ActOnOne } from "./one";

const [asked, undone] = [vi.spyOn(api, "act"), vi.spyOn(api, "undo")];
const close = { kind: "close", disposition: null } as const;

const answer = (item: Partial<Item>) => ({
  id: "act",
  items: [{ conversation_id: "c", done: true, changed: true, conversation: null, problem: null, ...item }],
});

beforeEach(() => {
  asked.mockReset();
  undone.mockReset();
});

test("what was changed has its way back; what was so already has none", async () => {
  asked.mockResolvedValueOnce(answer({}));
  undone.mockResolvedValueOnce(answer({}));
  const back = await new ActOnOne().run("c", close);
  await back?.();
  expect(undone).toHaveBeenCalledExactlyOnceWith(asked.mock.calls[0]?.[0]);

  asked.mockResolvedValueOnce(answer({ changed: false }));
  expect(await new ActOnOne().run("c", close)).toBeUndefined();
});

test("the reason why it could not be done is raised, with the input that is wrong", async () => {
  const problem = { type: "invalid", detail: "Falta decir cómo terminó.", todo: "", field: "disposition" };
  asked.mockResolvedValueOnce(answer({ done: false, changed: false, problem }));
  const refused = await new ActOnOne().run("c", close).catch((error: unknown) => error);
  expect(refused).toBeInstanceOf(Problem);
  expect((refused as Problem).field).toBe("disposition");
});

test("what was not answered is asked for again as the same act, anything else as another one", async () => {
  const one = new ActOnOne();
  asked.mockRejectedValueOnce(new Problem(0));
  await expect(one.run("c", close)).rejects.toThrow();
  asked.mockImplementation(() => Promise.resolve(answer({})));
  await one.run("c", close);
  await one.run("c", close);
  const ids = asked.mock.calls.map(([id]) => id);
  expect(ids[1]).toBe(ids[0]);
  expect(ids[2]).not.toBe(ids[0]);
});
