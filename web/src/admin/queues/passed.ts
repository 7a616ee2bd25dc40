/** Says in the reader's language why an agent would not get a contact. */
import type { Passed } from "../../api/queues";
import type queues from "../../i18n/queues/es";
import { shortly } from "../../ui/duration";

type Words = typeof queues;

export function passed(one: Passed, words: Words): string {
  const { code, values } = one;
  const { passed: says, later } = words.preview;
  const number = (name: string): number => Number(values[name] ?? 0);
  const why =
    code === "skill"
      ? says.skill(String(values["skill"]), number("level"), number("has"))
      : code === "full"
        ? says.full(number("load"), number("capacity"))
        : says[code];
  return one.later_s === null ? why : `${why}; ${later(shortly(one.later_s, words.time.short))}`;
}
