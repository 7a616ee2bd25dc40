/** What happens by itself, as supervisors keep it: hours, promised times, rules, macros, tags, dispositions. */
import { get, patch, post, put, remove } from "../api/client";
import type { components } from "../api/schema";
import type { Hours, Page } from "../api/shapes";

type Schemas = components["schemas"];

export type Spans = [string, string][];
export interface SpecialDay {
  date: string;
  name: string;
  spans: Spans;
}
export type Calendar = Omit<Schemas["CalendarView"], "week" | "exceptions"> & {
  week: Hours;
  exceptions: SpecialDay[];
  ical?: string;
};
export interface CalendarInput {
  name: string;
  time_zone: string;
  week: Hours;
  exceptions: SpecialDay[];
  ical?: string;
  ical_url?: string | null;
}
export type CalendarPreview = Schemas["CalendarPreview"];
export type Policy = Schemas["SlaPolicyView"];
export type PolicyInput = Schemas["SlaPolicyBody"];
export type Clock = Schemas["SlaClockView"];
export type Macro = Schemas["MacroView"];
export type MacroInput = Pick<Macro, "name" | "brand_id" | "texts" | "tag_ids" | "disposition">;
export type Place = Schemas["MacroPlaceView"];
export type Filled = Schemas["FilledMacro"];
export type Tag = Schemas["TagView"];
export type GivenTag = Schemas["GivenTag"];
export type Disposition = Schemas["DispositionView"];

export interface Test {
  field: string;
  operator: string;
  value?: unknown;
}
export interface Action {
  do: string;
  priority?: number;
  queue_id?: string;
  agent_id?: string;
  tag_id?: string;
  macro_id?: string;
  text?: string;
  title?: string;
  due_in_h?: number | null;
  texts?: Record<string, string>;
}
export interface RuleInput {
  name: string;
  position: number;
  on_events: string[];
  condition: Record<string, unknown>;
  actions: Action[];
  once: boolean;
  active: boolean;
}
export type Rule = RuleInput & { id: string; version: number };
export type RuleField = Schemas["FieldView"];
export type Step = Omit<Schemas["RunStepView"], "outcome"> & { outcome: string };
export type Run = Omit<Schemas["RunView"], "steps"> & { steps: Step[] };
export type Trial = Omit<Schemas["TrialView"], "hits"> & {
  hits: (Omit<Schemas["Hit"], "steps"> & { steps: Step[] })[];
};

type Removed = Promise<undefined>;

export const automation = {
  calendars: async () => (await get<Page<Calendar>>("/calendars")).items,
  calendar: (id: string) => get<Calendar>(`/calendars/${id}`),
  createCalendar: (calendar: CalendarInput) => post<Calendar>("/calendars", calendar),
  changeCalendar: (id: string, change: Partial<CalendarInput>, version?: number) =>
    patch<Calendar>(`/calendars/${id}`, change, version),
  removeCalendar: (id: string): Removed => remove(`/calendars/${id}`),
  preview: (calendar: CalendarInput) => post<CalendarPreview>("/calendars/preview", calendar),
  previewOf: (id: string) => get<CalendarPreview>(`/calendars/${id}/preview`),

  policies: async () => (await get<Page<Policy>>("/sla-policies")).items,
  createPolicy: (policy: PolicyInput) => post<Policy>("/sla-policies", policy),
  changePolicy: (id: string, change: PolicyInput, version?: number) =>
    patch<Policy>(`/sla-policies/${id}`, change, version),
  removePolicy: (id: string): Removed => remove(`/sla-policies/${id}`),
  clocks: (cursor: string | null) => get<Page<Clock>>("/sla-clocks", { cursor }),

  rules: () => get<Page<Rule> & { fields: RuleField[] }>("/rules"),
  createRule: (rule: RuleInput) => post<Rule>("/rules", rule),
  changeRule: (id: string, change: Partial<RuleInput>, version?: number) =>
    patch<Rule>(`/rules/${id}`, change, version),
  removeRule: (id: string): Removed => remove(`/rules/${id}`),
  tryRule: (rule: RuleInput, days: number) => post<Trial>("/rules/trial", { ...rule, days }),
  runs: (cursor: string | null) => get<Page<Run>>("/rules/runs", { cursor }),

  macros: () => get<Page<Macro> & { places: Place[] }>("/macros"),
  createMacro: (macro: MacroInput) => post<Macro>("/macros", macro),
  changeMacro: (id: string, change: MacroInput, version?: number) =>
    patch<Macro>(`/macros/${id}`, change, version),
  removeMacro: (id: string): Removed => remove(`/macros/${id}`),
  useMacro: (conversationId: string, id: string) =>
    post<Filled>(`/conversations/${conversationId}/macros/${id}`),

  tags: async () => (await get<Page<Tag>>("/tags")).items,
  createTag: (name: string) => post<Tag>("/tags", { name }),
  renameTag: (id: string, name: string, version?: number) => patch<Tag>(`/tags/${id}`, { name }, version),
  removeTag: (id: string): Removed => remove(`/tags/${id}`),
  tagsOf: async (conversationId: string) =>
    (await get<Page<GivenTag>>(`/conversations/${conversationId}/tags`)).items,
  giveTag: async (conversationId: string, id: string) =>
    (await put<Schemas["Tagged"]>(`/conversations/${conversationId}/tags/${id}`, undefined)).tags,
  takeTag: async (conversationId: string, id: string) =>
    (await remove<Schemas["Tagged"]>(`/conversations/${conversationId}/tags/${id}`)).tags,

  dispositions: async () => (await get<Page<Disposition>>("/dispositions")).items,
  createDisposition: (one: Schemas["DispositionBody"]) => post<Disposition>("/dispositions", one),
  changeDisposition: (id: string, change: Schemas["DispositionChange"], version?: number) =>
    patch<Disposition>(`/dispositions/${id}`, change, version),

  queues: async () => (await get<Page<{ id: string; name: string }>>("/queues")).items,
};
