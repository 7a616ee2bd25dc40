/** Conditions as the form edits them: one list of tests, all, any or none of which must hold. */
import type { Test } from "./api";

export type Match = "all" | "any" | "none";
export interface Flat {
  match: Match;
  tests: Test[];
}

const isTest = (node: unknown): node is Test =>
  typeof node === "object" && node !== null && "field" in node && "operator" in node;
const tests = (node: unknown): Test[] | undefined =>
  Array.isArray(node) && node.every(isTest) ? node : undefined;

/** The list that a condition is, or undefined for a tree that a list cannot show. */
export function flat(condition: Record<string, unknown>): Flat | undefined {
  if (isTest(condition)) return { match: "all", tests: [condition] };
  const all = tests(condition.all);
  if (all) return { match: "all", tests: all };
  const any = tests(condition.any);
  if (any) return { match: "any", tests: any };
  const not = condition.not as Record<string, unknown> | undefined;
  const none = not && tests(not.any);
  return none ? { match: "none", tests: none } : undefined;
}

/** No test at all holds always, whatever was chosen. */
export function tree({ match, tests: list }: Flat): Record<string, unknown> {
  if (match === "all" || !list.length) return { all: list };
  return match === "any" ? { any: list } : { not: { any: list } };
}

/** What a choice is made among, where it is always the same. */
export const CHOICES: Readonly<Record<string, readonly string[]>> = {
  "message.direction": ["in", "out", "internal"],
  "message.author": ["contact", "agent", "third_party", "system"],
  "conversation.status": ["open", "snoozed", "closed"],
  "case.door": ["taken", "answered", "broken"],
  "case.status": ["open", "waiting", "resolved", "closed"],
  "sla.target": ["first_reply", "next_reply", "resolution"],
  "sla.state": ["ok", "near", "broken", "paused", "met", "missed", "dropped"],
};

/** A value to begin with when the field or the operator is changed. */
export function firstValue(kind: string, operator: string, field: string): unknown {
  if (operator === "is_set" || operator === "is_empty") return undefined;
  if (kind === "flag") return true;
  if (kind === "number") return 0;
  if (operator === "in") return [];
  return CHOICES[field]?.[0] ?? "";
}
