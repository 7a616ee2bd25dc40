/** What is open, kept true by the events themselves: however many desks there are, none asks again. */
import { live } from "../live/desk.svelte";
import { afterSnapshots } from "../live/following.svelte";
import { once } from "../live/once.svelte";
import type { DeskEvent } from "../live/state";
import { Fetched } from "../ui/fetched.svelte";
import { incidents, type Incident, type Link } from "./api";
import { withChange } from "./standing";

/** The incident that an event tells of. */
export function changed({ type, data }: DeskEvent): Incident | undefined {
  return type === "incident.changed" ? (data as { incident?: Incident }).incident : undefined;
}

/** The link that an event tells of. */
export function linked({ type, data }: DeskEvent): Link | undefined {
  return type === "incident.linked" ? (data as { link?: Link }).link : undefined;
}

function follow(): Fetched<Incident[]> {
  /** What was told while it is asked for: the answer may be from before that. */
  let heard: Incident[] | null = null;
  const found = new Fetched(async () => {
    const meanwhile: Incident[] = (heard = []);
    try {
      return meanwhile.reduce<Incident[]>((open, one) => withChange(open, one), await incidents.open());
    } finally {
      if (heard === meanwhile) heard = null;
    }
  });
  $effect(() =>
    live.hear((event) => {
      const one = changed(event);
      if (!one) return;
      heard?.push(one);
      if (found.value) found.value = withChange(found.value, one);
    }),
  );
  afterSnapshots(() => void found.again());
  return found;
}

/** The same for all parts that show it. Call it while a component is set up: it follows for as long as one lives. */
export const followOpen = (): Fetched<Incident[]> => once("incidents", follow);
