/** The conditions of a view while they are being chosen: which fields there are and which values. Pure. */
import type { Choices, Condition, Field } from "../../api/views";

/** In the order in which people think of them. */
export const FIELDS: readonly Field[] = [
  "status",
  "assignee",
  "team",
  "queue",
  "label",
  "channel",
  "account",
  "brand",
  "language",
  "waiting",
  "quiet",
  "promise",
  "priority",
  "trouble",
  "matter",
  "owner",
  "mention",
];
export const TIMES: readonly Field[] = ["waiting", "quiet"];

/** Words that stand for themselves; the server has the same. */
const WORDS: Partial<Record<Field, readonly string[]>> = {
  status: ["open", "snoozed", "closed"],
  promise: ["near", "broken", "none"],
  trouble: ["failed", "uncertain", "none"],
  priority: ["raised", "usual", "lowered"],
  matter: ["none", "open", "waiting", "resolved", "closed"],
  mention: ["me"],
  assignee: ["me", "nobody"],
  owner: ["me", "nobody"],
  team: ["mine", "nobody"],
  queue: ["nobody"],
  label: ["nobody"],
  language: ["none"],
};
/** Where the values of a field are among the choices. */
const CHOSEN: Partial<Record<Field, keyof Choices>> = {
  account: "account",
  brand: "brand",
  queue: "queue",
  team: "team",
  label: "label",
  assignee: "assignee",
  owner: "assignee",
  channel: "channel",
  language: "language",
};

export interface Option {
  readonly value: string;
  readonly label: string;
}

type Say = (value: string) => string;

/** What can be chosen of a field, words first; what is chosen already and is gone stays to be taken off. */
export function optionsOf(
  condition: Condition,
  choices: Choices,
  names: Readonly<Record<string, string>>,
  say: Say,
  nameOf: (field: Field, name: string) => string,
): Option[] {
  const { field } = condition;
  const key = CHOSEN[field];
  const words = (WORDS[field] ?? []).map((value) => ({ value, label: say(value) }));
  const named = (key ? choices[key] : []).map(({ id, name }) => ({ value: id, label: nameOf(field, name) }));
  const there = [...words, ...named];
  const gone = condition.values
    .filter((value) => !there.some((one) => one.value === value))
    .map((value) => ({ value, label: names[value] || value }));
  return [...there, ...gone];
}

export function blank(field: Field): Condition {
  return { field, values: [], none: false, over_min: TIMES.includes(field) ? 30 : 0 };
}

/** Whether it says something: one that is not finished is not asked about. */
export const isWhole = ({ field, values, over_min: min }: Condition): boolean =>
  TIMES.includes(field) ? min > 0 : values.length > 0;

/** What a new view begins with: what is open and waits. */
export const FIRST: readonly Condition[] = [blank("status")].map((one) => ({ ...one, values: ["open"] }));
