/** A queue as its form holds it; a new one begins with what serves most. */
import type { Queue } from "../../api/queues";

export type Draft = Omit<Queue, "id" | "version" | "created_at" | "active" | "skills">;

const USUAL: Draft = {
  name: "",
  brand_id: null,
  calendar_id: null,
  priority: 0,
  target_s: 60,
  target_percent: 80,
  patience_s: 5,
  language_needed: false,
  relaxation: [],
  push_to: 1,
  offer_expires_s: 60,
  auto_accept: false,
  wrap_up_s: 0,
  disposition_required: false,
  team_ids: [],
  account_ids: [],
  waiting: { offer_after_s: 120, slot_s: 1_800, slot_capacity: 4 },
};

export function draftOf(queue: Queue | undefined): Draft {
  if (!queue) return structuredClone(USUAL);
  const { id, version, created_at, active, skills, ...draft } = queue;
  void [id, version, created_at, active, skills];
  return structuredClone(draft);
}
