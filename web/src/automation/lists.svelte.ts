/** What rules may name: brands, queues, tags, macros, channels and people, asked for once for a form. */
import { admin } from "../api/admin";
import { live } from "../live/desk.svelte";
import { Fetched } from "../ui/fetched.svelte";
import { automation } from "./api";

export interface Option {
  value: string;
  label: string;
}

export class Lists {
  #brands = new Fetched(admin.brands);
  #queues = new Fetched(automation.queues);
  #tags = new Fetched(automation.tags);
  #macros = new Fetched(automation.macros);

  get queues(): Option[] {
    return named(this.#queues.value);
  }
  get tags(): Option[] {
    return named(this.#tags.value);
  }
  get macros(): Option[] {
    return named(this.#macros.value?.items);
  }
  get agents(): Option[] {
    return named(Object.values(live.state.agents));
  }

  /** Among what a field is chosen, undefined where it is written. */
  of(field: string): Option[] | undefined {
    switch (field) {
      case "conversation.brand":
        return named(this.#brands.value);
      case "conversation.channel": {
        const kinds = Object.values(live.state.accounts).map((account) => account.kind);
        return kinds
          .filter((kind, index) => kinds.indexOf(kind) === index)
          .map((kind) => ({ value: kind, label: kind }));
      }
      case "conversation.assignee":
      case "case.owner":
        return this.agents;
      case "queue":
        return this.queues;
      case "tags":
        return this.tags;
      default:
        return undefined;
    }
  }
}

function named(items: readonly { id: string; name: string }[] | undefined): Option[] {
  return (items ?? []).map((one) => ({ value: one.id, label: one.name }));
}
