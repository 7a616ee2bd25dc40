/** The rows that are marked, what was done with them, and the way back. */
import { views as api, type Act, type Done, type Item } from "../../api/views";
import { explain } from "../../api/problem";
import { t } from "../../i18n/index.svelte";
import { live } from "../../live/desk.svelte";
import { toasts } from "../../ui/toasts.svelte";
import { inbox } from "../inbox.svelte";
import { nameOf } from "../people";
import { between, toggled } from "./marking";

/** As many as the server takes at once. */
export const MOST = 100;

export interface Refused {
  readonly id: string;
  readonly name: string;
  readonly why: string;
}

class Marks {
  ids = $state.raw<ReadonlySet<string>>(new Set());
  /** What could not be done, and why; in words of what was tried. */
  refused = $state.raw<readonly Refused[]>([]);
  undoing = $state(false);
  busy = $state(false);
  /** The last act, and the message that said it. */
  #done = $state.raw({ act: "", said: 0 });
  #from: string | undefined;

  readonly #rows = $derived(inbox.rows.map((row) => row.conversation.id));

  /** Marks a row or takes its mark off; `range`: all from the last one on. */
  toggle(id: string, range = false): void {
    this.ids = toggled(this.ids, id, range ? between(this.#rows, this.#from, id) : []);
    this.#from = id;
  }

  /** Marks all that is shown, as far as the server takes it; what is shown no more was marked before. */
  all(): void {
    this.ids = new Set(this.#rows.slice(0, MOST));
  }

  clear(): void {
    this.ids = new Set();
    this.refused = [];
    this.#from = undefined;
  }

  /** The last act, as long as the message about it offers to undo it: who works on has moved past it. */
  get last(): string | undefined {
    return toasts.shown.some(({ id }) => id === this.#done.said) ? this.#done.act : undefined;
  }

  /** How many of the marked ones left the list meanwhile; they are marked all the same. */
  get hidden(): number {
    return [...this.ids].filter((id) => !this.#rows.includes(id)).length;
  }

  get shown(): number {
    return Math.min(MOST, this.#rows.length);
  }

  /** Does one thing to all that is marked; what could not be done stays marked, with the reason. */
  async run(act: Act): Promise<void> {
    if (this.busy || !this.ids.size) return;
    // In the list's order: where there is room for some only, what hurts most has it.
    const marked = [
      ...this.#rows.filter((id) => this.ids.has(id)),
      ...[...this.ids].filter((id) => !this.#rows.includes(id)),
    ].slice(0, MOST);
    const id = crypto.randomUUID();
    const done = await this.#ask(() => api.act(id, act, marked));
    if (!done) return;
    this.undoing = false;
    this.#take(done);
    const changed = done.items.filter((item) => item.changed).length;
    const text = t.views.done(done.items.filter((item) => item.done).length);
    const undo = { label: t.common.undo, run: () => void this.undo(id) };
    const said = toasts.say(text, changed ? undo : undefined);
    this.#done = { act: id, said: changed ? said : 0 };
  }

  /** Brings back what nobody changed meanwhile, and says which did not come back. */
  async undo(id: string): Promise<void> {
    const back = await this.#ask(() => api.undo(id));
    if (!back) return;
    this.undoing = true;
    if (this.#done.act === id) toasts.dismiss(this.#done.said);
    this.#take(back);
    this.ids = new Set(); // what somebody changed is theirs now
    toasts.say(t.views.undone(back.items.filter((item) => item.done).length));
  }

  async #ask(work: () => Promise<Done>): Promise<Done | undefined> {
    this.busy = true;
    try {
      return await work();
    } catch (error) {
      toasts.fail(explain(error, t.common));
      return undefined;
    } finally {
      this.busy = false;
    }
  }

  #take({ items }: Done): void {
    live.merge({ conversations: items.flatMap(({ conversation }) => (conversation ? [conversation] : [])) });
    const left = items.filter((item) => !item.done);
    this.refused = left.map((item) => refusal(item));
    this.ids = new Set(left.map((item) => item.conversation_id));
    this.#from = undefined;
  }
}

function refusal({ conversation_id: id, problem }: Item): Refused {
  const conversation = live.state.conversations[id];
  const contact = conversation && live.state.contacts[conversation.contact_id];
  return { id, name: nameOf(contact, t.desk.unknownPerson), why: problem?.detail ?? "" };
}

export const marks = new Marks();
