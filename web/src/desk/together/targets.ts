/** Where a conversation can go, as one list to choose from by typing. Pure. */
import type { Presence } from "../../api/shapes";
import type { Targets, TargetAgent, TargetGroup } from "../../api/together";
import type { ById } from "../../live/state";
import { folded } from "../../ui/folded";

export type TargetKind = "agent" | TargetGroup["kind"];

export interface Option {
  readonly key: string;
  readonly kind: TargetKind;
  readonly id: string;
  readonly name: string;
  readonly agent?: TargetAgent;
  readonly group?: TargetGroup;
}

export const KINDS: readonly TargetKind[] = ["agent", "queue", "skill", "team", "site"];

export const hasRoom = (agent: TargetAgent): boolean =>
  agent.state === "available" && agent.load < agent.capacity;

/** An agent as they are at this moment, which the fetched list may not know. */
export function present(agent: TargetAgent, presences: ById<Presence>): TargetAgent {
  const now = presences[agent.agent_id];
  return now ? { ...agent, state: now.said, load: now.load, capacity: now.capacity } : agent;
}

/** What a person types when they mean it: the name, and for an agent the team and what they know. */
const wordsOf = ({ name, agent }: Option): string =>
  folded([name, agent?.team ?? "", ...(agent?.skills.map((skill) => skill.name) ?? [])].join(" "));

/** Those of some kinds that hold each typed word; who owns the case or had it before stands first. */
export function options(
  targets: Targets,
  kinds: readonly TargetKind[],
  typed: string,
  without: string | null = null,
): Option[] {
  const words = folded(typed).split(/\s+/).filter(Boolean);
  const agents = targets.agents
    .filter((agent) => agent.agent_id !== without && agent.because !== "has_it")
    .map(
      (agent): Option => ({
        key: `agent-${agent.agent_id}`,
        kind: "agent",
        id: agent.agent_id,
        name: agent.name,
        agent,
      }),
    )
    .sort((a, b) => Number(!known(a)) - Number(!known(b)));
  const groups = targets.groups.map(
    (group): Option => ({
      key: `${group.kind}-${group.id}`,
      kind: group.kind,
      id: group.id,
      name: group.name,
      group,
    }),
  );
  return KINDS.filter((kind) => kinds.includes(kind))
    .flatMap((kind) => [...agents, ...groups].filter((one) => one.kind === kind))
    .filter((one) => words.every((word) => wordsOf(one).includes(word)));
}

/** Sorting keeps the server's order, those with room first, among equals. */
const known = ({ agent }: Option): boolean => !!agent && hasRoom(agent) && agent.because !== null;
