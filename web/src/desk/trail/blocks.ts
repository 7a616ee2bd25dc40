/** Puts what somebody did alone together, as far as no message of theirs stands between. Pure. */
import type { TrailStep } from "../../api/trail";
import type { Aside } from "../asides.svelte";

/** One aside for each stretch, in order; `written` are the instants at which the contact wrote. */
export function blocks(steps: readonly TrailStep[], written: readonly number[]): Aside[] {
  const found: { key: string; at: number; before: number; steps: TrailStep[] }[] = [];
  for (const step of steps) {
    const at = Date.parse(step.at);
    const before = written.filter((one) => one <= at).length;
    const last = found.at(-1);
    if (last?.before === before) last.steps.push(step);
    else found.push({ key: `trail-${step.id}`, at, before, steps: [step] });
  }
  return found.map(({ key, at, steps: of }) => ({ key, at, steps: of }));
}
