/** Which tasks a list shows and in which order; pure. */
import type { Task } from "../../api/shapes";
import type { Whose, Which } from "../../api/cases";

export const asleep = (task: Task, now: number): boolean =>
  task.until_reply || (task.snoozed_until !== null && Date.parse(task.snoozed_until) > now);

export const overdue = (task: Task, now: number): boolean =>
  task.state === "open" && task.due_at !== null && Date.parse(task.due_at) <= now;

function belongs(task: Task, whose: Whose, agentId: string | null): boolean {
  if (whose === "everybodys") return true;
  return whose === "mine" ? agentId !== null && task.owner_id === agentId : task.owner_id === null;
}

function stands(task: Task, which: Which, now: number): boolean {
  if (which === "finished") return task.state !== "open";
  return task.state === "open" && asleep(task, now) === (which === "later");
}

const due = (task: Task): number => (task.due_at === null ? Infinity : Date.parse(task.due_at));
const ended = (task: Task): number => Date.parse(task.done_at ?? task.created_at);

/** What is open comes by its date, what has none last; what is finished, the newest first. */
export function inOrder(tasks: readonly Task[]): Task[] {
  return [...tasks].sort((a, b) => {
    if ((a.state === "open") !== (b.state === "open")) return a.state === "open" ? -1 : 1;
    if (a.state !== "open") return ended(b) - ended(a);
    const [left, right] = [due(a), due(b)];
    return left === right ? a.id.localeCompare(b.id) : left - right;
  });
}

export function listed(
  tasks: readonly Task[],
  list: { whose: Whose; which: Which; agentId: string | null; now: number },
): Task[] {
  const { whose, which, agentId, now } = list;
  return inOrder(tasks.filter((task) => belongs(task, whose, agentId) && stands(task, which, now)));
}
