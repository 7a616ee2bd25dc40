/** A profile as its form holds it, and back again. */
import type { Profile, ProfileInput, Skill } from "../../api/queues";
import { isLanguage } from "../../i18n/languages";

export interface SkillDraft {
  id: string;
  name: string;
  level: number;
  /** The last day, `2026-12-24`; empty for good. */
  until: string;
}

export interface ProfileDraft {
  team: string;
  languages: string[];
  otherLanguages: string;
  limits: Record<string, string>;
  skills: SkillDraft[];
}

export function draftOf(profile: Profile, skills: readonly Skill[]): ProfileDraft {
  return {
    team: profile.team_id ?? "",
    languages: profile.languages.filter(isLanguage),
    otherLanguages: profile.languages.filter((language) => !isLanguage(language)).join(", "),
    limits: Object.fromEntries(Object.entries(profile.limits).map(([channel, most]) => [channel, String(most)])),
    skills: skills.map(({ id, name }) => {
      const own = profile.skills.find((one) => one.skill_id === id);
      return { id, name, level: own?.level ?? 0, until: own?.until ? day(new Date(own.until)) : "" };
    }),
  };
}

export function profileOf(draft: ProfileDraft): ProfileInput {
  const others = draft.otherLanguages.split(/[\s,;]+/).filter(Boolean);
  return {
    team_id: draft.team || null,
    languages: [...new Set([...draft.languages, ...others])],
    limits: Object.fromEntries(
      Object.entries(draft.limits)
        .filter(([, most]) => most !== "" && most !== null)
        .map(([channel, most]) => [channel, Number(most)]),
    ),
    skills: draft.skills
      .filter((skill) => skill.level)
      .map(({ id, level, until }) => ({ skill_id: id, level, until: until ? endOf(until) : null })),
  };
}

/** The day of a moment as a date field holds it, in the time of whoever looks. */
function day(at: Date): string {
  const two = (part: number): string => part.toString().padStart(2, "0");
  return `${at.getFullYear().toString()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`;
}

/** The last moment of a day, in the time of whoever chose it. */
function endOf(date: string): string {
  return new Date(`${date}T23:59:59`).toISOString();
}
