import { expect, test, vi } from "vitest";
import { desk as api } from "../../api/desk";
import { Problem } from "../../api/problem";
import type { Case } from "../../api/shapes";
import { speak } from "../../i18n/index.svelte";
import { matter as aCase } from "../../testing/entities";
import { changeSteps } from "./stepping";
import { added } from "./steps";

const live = vi.hoisted(() => {
  const cases: Record<string, Case> = {};
  return { state: { cases }, merge: ({ case: one }: { case: Case }) => (cases[one.id] = one) };
});
vi.mock("../../live/desk.svelte", () => ({ live }));

test("steps that follow each other at once are sent one by one, each with what the one before came to", async () => {
  await speak("es");
  const asked = vi.spyOn(api, "steps").mockImplementation((id, steps, version) => {
    const as = ({ title, state }: (typeof steps)[0], position: number): Case["steps"][0] => {
      return { id: title, title, state, position, due_at: null, done_at: null };
    };
    return Promise.resolve(aCase({ id, version: version + 1, steps: steps.map(as) }));
  });
  asked.mockRejectedValueOnce(new Problem(0));
  const put = (title: string) => changeSteps(aCase({ version: 4 }), (steps) => added(steps, title, null));

  expect(await Promise.all([put("Uno"), put("Dos"), put("Tres")])).toEqual([false, true, true]);
  expect(asked.mock.calls.map(([, steps, version]) => [version, ...steps.map((one) => one.title)])).toEqual([
    [4, "Uno"],
    [4, "Dos"],
    [5, "Dos", "Tres"],
  ]);
});
