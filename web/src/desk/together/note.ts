/** Begins a hand-over note from what the case knows: what was done, what is left, what was promised. Pure. */
import type { Case } from "../../api/shapes";

interface Words {
  done: string;
  now: string;
  later: string;
  promised: string;
  expects: string;
}

/** One line for each thing that is known; nothing where there is no case. `when` says a moment in words. */
export function suggestion(matter: Case | undefined, words: Words, when: (at: Date) => string): string {
  if (!matter) return "";
  const lines: string[] = [];
  if (matter.expectation.trim()) lines.push(`${words.expects}: ${matter.expectation.trim()}`);
  for (const state of ["done", "now", "later"] as const) {
    const titles = matter.steps.filter((step) => step.state === state).map((step) => step.title);
    if (titles.length) lines.push(`${words[state]}: ${titles.join("; ")}`);
  }
  if (matter.promised_at) lines.push(`${words.promised}: ${when(new Date(matter.promised_at))}`);
  return lines.join("\n");
}
