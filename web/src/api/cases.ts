/** What keeps cases in motion: their tasks and what happened to them. */
import { get, patch, post, put, remove } from "./client";
import type { components } from "./schema";
import type { Case, Contact, Door, Gesture, Page, Task } from "./shapes";

type Schemas = components["schemas"];

export type Latitude = Schemas["LatitudeView"];
export type Whose = "mine" | "nobodys" | "everybodys";
export type Which = "open" | "later" | "finished";
export type TaskInput = Schemas["TaskBody"];
export type TaskChange = Partial<
  Pick<Task, "title" | "due_at" | "owner_id" | "state" | "snoozed_until" | "until_reply">
>;
export type Motion = Omit<Schemas["MotionView"], "related"> & { related: Case[] };
export type CaseMerge = Schemas["CaseMergeView"];
export type Merged = Schemas["MergedView"] & { case: Case; other: Case };
/** What a list brings beside its rows. */
interface Beside {
  cases: Case[];
  contacts: Contact[];
  places: Schemas["PlaceView"][];
}
export type TaskPage = Page<Task> & Beside;
export type Approvals = Page<Gesture> & Beside;
/** More than these are told as "more than". */
export const MOST_APPROVALS = 200;

export const cases = {
  tasks: (whose: Whose, which: Which, cursor: string | null) =>
    get<TaskPage>("/tasks", { whose, which, cursor }),
  addTask: (caseId: string, task: TaskInput) => post<Task>(`/cases/${caseId}/tasks`, task),
  changeTask: (id: string, change: TaskChange, version?: number) =>
    patch<Task>(`/tasks/${id}`, change, version),
  resolve: (caseId: string, done: string) => post<Case>(`/cases/${caseId}/resolve`, { done }),
  merge: (caseId: string, otherId: string) =>
    post<Merged>(`/cases/${caseId}/merge`, { other_id: otherId }),
  split: (caseId: string, chosen: Schemas["SplitBody"]) => post<Merged>(`/cases/${caseId}/split`, chosen),
  similar: async (caseId: string) =>
    (await get<Page<Schemas["SimilarCase"]>>(`/cases/${caseId}/similar`)).items,
  undoMerge: (mergeId: string) => post<Merged>(`/case-merges/${mergeId}/undo`),
  relate: (caseId: string, otherId: string) => put<Page<Case>>(`/cases/${caseId}/related/${otherId}`, undefined),
  unrelate: (caseId: string, otherId: string) =>
    remove<Page<Case>>(`/cases/${caseId}/related/${otherId}`),
  /** The same `key` gives once, however often it is sent. */
  give: (caseId: string, gesture: Schemas["GestureBody"], key: string) =>
    post<Gesture>(`/cases/${caseId}/gestures`, gesture, { headers: { "Idempotency-Key": key } }),
  approvals: () => get<Approvals>("/gestures", { limit: MOST_APPROVALS }),
  decide: (gestureId: string, approve: boolean, reason = "") =>
    post<Gesture>(`/gestures/${gestureId}/decide`, { approve, reason }),
  ownLatitude: () => get<Latitude>("/latitude"),
  latitude: (agentId: string) => get<Latitude>(`/agents/${agentId}/latitude`),
  setLatitude: (agentId: string, amount: string | null, currency: string) =>
    put<Latitude>(`/agents/${agentId}/latitude`, { amount, currency }),
  progress: (conversationId: string) =>
    get<Schemas["ProgressView"]>(`/conversations/${conversationId}/progress`),
  doors: async () => (await get<Page<Door>>("/doors")).items,
  addDoor: (door: Schemas["DoorBody"]) => post<Door>("/doors", door),
  changeDoor: (id: string, change: Partial<Door>, version?: number) =>
    patch<Door>(`/doors/${id}`, change, version),
  toOwner: (caseId: string) => post<Case>(`/cases/${caseId}/to-owner`),
  motion: (caseId: string) => get<Motion>(`/cases/${caseId}/motion`),
};
