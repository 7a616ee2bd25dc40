/** What a queue's form holds until it is saved: skills may be ones that do not exist yet. */
import type { NeededSkill, RelaxationStep, Skill } from "../../api/queues";

export interface Need {
  name: string;
  level: number;
}

const same = (a: string, b: string): boolean => a.localeCompare(b, undefined, { sensitivity: "accent" }) === 0;

/** Adds a skill by what was typed: `garantías 3` asks for level 3, without a figure for level 1. */
export function withNeed(needs: readonly Need[], typed: string, known: readonly Skill[]): Need[] {
  const found = /^(.*?)(?:\s+([1-5]))?$/.exec(typed.trim().replace(/\s+/g, " "));
  const said = found?.[1] ?? "";
  if (!said) return [...needs];
  const name = known.find((skill) => same(skill.name, said))?.name ?? said;
  const level = Number(found?.[2] ?? 1);
  return [...needs.filter((need) => !same(need.name, name)), { name, level }];
}

/** The needs as the API takes them; `create` makes the skills that are not known. */
export async function resolved(
  needs: readonly Need[],
  known: readonly Skill[],
  create: (name: string) => Promise<Skill>,
): Promise<NeededSkill[]> {
  const found: NeededSkill[] = [];
  for (const { name, level } of needs) {
    const skill = known.find((one) => same(one.name, name)) ?? (await create(name));
    found.push({ skill_id: skill.id, level });
  }
  return found;
}

/** A step that could come next: later than the last, and something that is not relaxed yet. */
export function nextStep(steps: readonly RelaxationStep[]): RelaxationStep | undefined {
  const last = steps.at(-1);
  if (last?.allow === "anybody") return undefined;
  const order = ["level", "language", "team", "anybody"] as const;
  const allow = order.find((one) => !steps.some((step) => step.allow === one)) ?? "anybody";
  return { after_s: last ? last.after_s + 60 : 60, allow, by: allow === "level" ? 1 : null };
}
