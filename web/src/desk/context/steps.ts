/** Changes of a case's steps as whole new lists; pure. */
import type { StepInput } from "../../api/desk";
import type { StepState } from "../../api/shapes";

const AFTER: Record<StepState, StepState> = { later: "now", now: "done", done: "later" };

/** Behind the others; under way when none of them is left. */
export function added(steps: readonly StepInput[], title: string, due_at: string | null): StepInput[] {
  const state = steps.some((step) => step.state !== "done") ? "later" : "now";
  return [...steps, { title, state, due_at }];
}

/** With one as it was corrected; who took it out meanwhile has done so. */
export function changed(steps: readonly StepInput[], by: StepInput): StepInput[] {
  return steps.map((step) => (step.id === by.id ? { ...step, title: by.title, due_at: by.due_at ?? null } : step));
}

/** The step's next state; when one is done, the first that was left for later is under way. */
export function advance(steps: readonly StepInput[], id: string): StepInput[] {
  const index = steps.findIndex((step) => step.id === id);
  const moved = steps.map((step, at) => (at === index ? { ...step, state: AFTER[step.state] } : step));
  const done = moved[index]?.state === "done";
  if (!done || moved.some((step) => step.state === "now")) return moved;
  const next = moved.findIndex((step, at) => at > index && step.state === "later");
  return moved.map((step, at) => (at === next ? { ...step, state: "now" as const } : step));
}

export function without(steps: readonly StepInput[], id: string): StepInput[] {
  return steps.filter((step) => step.id !== id);
}

/** One place up; the first stays. */
export function raised(steps: readonly StepInput[], id: string): StepInput[] {
  const index = steps.findIndex((step) => step.id === id);
  const moved = [...steps];
  const [step] = index < 0 ? [] : moved.splice(index, 1);
  if (step) moved.splice(Math.max(0, index - 1), 0, step);
  return moved;
}
