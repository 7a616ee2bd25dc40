/** What supervisors set up for routing: queues, skills, teams, sites, what agents can do. */
import { get, patch, post, put, remove } from "./client";
import type { components } from "./schema";
import type { Page } from "./shapes";

type Schemas = components["schemas"];
type Removed = Promise<undefined>;

export type Queue = Schemas["QueueView"];
export type QueueInput = Schemas["QueueChange"];
export type NeededSkill = Schemas["NeededSkill"];
export type RelaxationStep = Schemas["RelaxationStep"];
export type Allowance = RelaxationStep["allow"];
export type Skill = Schemas["SkillView"];
export type Team = Schemas["TeamView"];
export type Site = Schemas["SiteView"];
export type AwayReason = Schemas["AwayReasonView"];
export type Profile = Schemas["ProfileView"];
export type ProfileInput = Schemas["ProfileChange"];
export type Preview = Schemas["PreviewView"];
export type Passed = Schemas["PassedView"];
export type Weight = Schemas["WeightView"];

const items = async <Item>(path: string): Promise<Item[]> => (await get<Page<Item>>(path)).items;

/** The four acts on things that have a name: all, a new one, a change, the end. */
function named<View, Input>(path: string) {
  return {
    all: () => items<View>(path),
    create: (one: Input) => post<View>(path, one),
    change: (id: string, change: Partial<Input>, version?: number) =>
      patch<View>(`${path}/${id}`, change, version),
    remove: (id: string): Removed => remove(`${path}/${id}`),
  };
}

export const setup = {
  queues: named<Queue, QueueInput>("/queues"),
  skills: named<Skill, Schemas["NamedBody"]>("/skills"),
  teams: named<Team, Schemas["TeamBody"]>("/teams"),
  sites: named<Site, Schemas["SiteBody"]>("/sites"),
  awayReasons: named<AwayReason, Schemas["NamedBody"]>("/away-reasons"),

  profiles: () => items<Profile>("/profiles"),
  profile: (agentId: string) => get<Profile>(`/profiles/${agentId}`),
  changeProfile: (agentId: string, change: ProfileInput, version?: number) =>
    patch<Profile>(`/profiles/${agentId}`, change, version),
  setLevel: (agentId: string, skillId: string, level: number, until: string | null) =>
    level
      ? put<Profile>(`/profiles/${agentId}/skills/${skillId}`, { level, until })
      : remove<Profile>(`/profiles/${agentId}/skills/${skillId}`),

  preview: (contact: Schemas["PreviewBody"]) => post<Preview>("/routing/preview", contact),

  calendars: () => items<Pick<Schemas["CalendarView"], "id" | "name">>("/calendars"),
  weights: () => items<Weight>("/channel-weights"),
  setWeight: (channel: string, weight: Schemas["WeightBody"]) =>
    put<Weight>(`/channel-weights/${channel}`, weight),
};
