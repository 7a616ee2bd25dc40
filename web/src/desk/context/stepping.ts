/** Changes of a case's steps at the server: one after the other, each of what the one before came to. */
import { desk as api, type StepInput } from "../../api/desk";
import type { Case } from "../../api/shapes";
import { live } from "../../live/desk.svelte";
import { act } from "../../ui/act.svelte";
import { inTurn } from "../../ui/turns";

const turn = inTurn();

export const inputsOf = ({ steps }: Case): StepInput[] =>
  steps.map(({ id, title, state, due_at }) => ({ id, title, state, due_at }));

/** Makes the list anew of how it stands when it is this one's turn; answers whether that went well. */
export function changeSteps(matter: Case, change: (steps: StepInput[]) => StepInput[]): Promise<boolean> {
  return turn(() =>
    act(async () => {
      const now = live.state.cases[matter.id] ?? matter;
      live.merge({ case: await api.steps(now.id, change(inputsOf(now)), now.version) });
    }),
  );
}
