import { expect, test } from "vitest";
import type { Profile } from "../../api/queues";
import { draftOf, profileOf } from "./profile";

const skills = ["a", "b"].map((id) => ({ id, name: id.toUpperCase(), version: 1, created_at: "" }));
const profile: Profile = {
  agent_id: "1",
  team_id: "t",
  languages: ["es", "fr", "pt-BR"],
  limits: { email: 3 },
  skills: [{ skill_id: "b", level: 4, until: new Date("2026-12-24T23:59:59").toISOString() }],
  version: 7,
};

test("what is not touched comes back as it was", () => {
  const { agent_id, version, ...own } = profile;
  void [agent_id, version];
  expect(profileOf(draftOf(profile, skills))).toEqual(own);
});

test("what is emptied has no limit, no level and no team", () => {
  const draft = draftOf(profile, skills);
  draft.team = "";
  draft.limits = { email: "" };
  draft.skills = draft.skills.map((skill) => ({ ...skill, level: 0 }));
  draft.languages = [];
  draft.otherLanguages = " , ";
  expect(profileOf(draft)).toEqual({ team_id: null, languages: [], limits: {}, skills: [] });
});
