/** Changes of a case's steps as whole new lists; pure. */
import type { StepInput } from "../../api/desk";
import type { StepState } from "../../api/shapes";

const AFTER: Record<StepState, StepState> = { later: "now", now: "done", done: "later" };

/** The step's next state; when one is done, the first that was left for later is under way. */
export function advance(steps: readonly StepInput[], index: number): StepInput[] {
  const changed = steps.map((step, at) => (at === index ? { ...step, state: AFTER[step.state] } : step));
  const done = changed[index]?.state === "done";
  if (!done || changed.some((step) => step.state === "now")) return changed;
  const next = changed.findIndex((step, at) => at > index && step.state === "later");
  return changed.map((step, at) => (at === next ? { ...step, state: "now" as const } : step));
}

export function without(steps: readonly StepInput[], index: number): StepInput[] {
  return steps.filter((_, at) => at !== index);
}

/** One place up; the first stays. */
export function raised(steps: readonly StepInput[], index: number): StepInput[] {
  const moved = [...steps];
  const [step] = moved.splice(index, 1);
  if (step) moved.splice(Math.max(0, index - 1), 0, step);
  return moved;
}
