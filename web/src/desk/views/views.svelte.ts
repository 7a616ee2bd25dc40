/** The views somebody has, and the one that is shown: kept true by events, since only the server knows what stands in it. */
import { views as api, type View } from "../../api/views";
import { explain, Problem } from "../../api/problem";
import { t } from "../../i18n/index.svelte";
import { live } from "../../live/desk.svelte";
import type { DeskEvent } from "../../live/state";
import { inbox } from "../inbox.svelte";
import { settled, toAsk, touched } from "./concerns";

/** What happens within this is asked about at once; the next question comes no sooner than the pause after it. */
const SOON_MS = 200;
const PAUSE_MS = 1_000;
/** As many as one question takes. */
const ASKED_MOST = 100;

class Views {
  all = $state.raw<readonly View[]>([]);
  counts = $state.raw<Readonly<Record<string, number>>>({});
  /** What is shown; or it is not there, or not for who looks. */
  shown = $state.raw<View | undefined>();
  missing = $state(false);
  #ids: ReadonlySet<string> = new Set();
  #cursor: string | null = null;
  /** More than the first page is there: the cursor is that of the last. */
  #further = false;
  /** The version of the view of which the ids are; none when they are to be had anew. */
  #version: number | undefined;
  #count: number | undefined;
  #waiting: ReadonlySet<string> = new Set();
  #timer: ReturnType<typeof setTimeout> | undefined;
  #askedAt = 0;
  #finding = false;

  /** Asks which views there are, with how many stand in each. */
  async load(): Promise<void> {
    const { items, counts } = await api.every(true);
    this.all = items;
    this.counts = counts ?? {};
    const id = inbox.shown?.id;
    if (!id || this.#finding) return;
    const now = items.find((view) => view.id === id);
    if (now ? now.version !== this.shown?.version : this.shown) await this.#find(id);
  }

  /** Shows a view in the list; the same one again changes nothing. */
  show(id: string): void {
    if (inbox.shown?.id === id) return;
    const known = this.all.find((view) => view.id === id);
    this.#start(id, known);
    void this.#find(id);
  }

  /** The list goes back to its tab. */
  leave(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#waiting = new Set();
    this.shown = undefined;
    this.missing = false;
    inbox.shown = undefined;
  }

  #start(id: string, known: View | undefined): void {
    this.leave();
    this.shown = known;
    this.#ids = new Set();
    this.#cursor = null;
    this.#further = false;
    this.#count = undefined;
    this.#put(id);
  }

  /** Gives the list what stands in the view. */
  #put(id: string): void {
    inbox.shown = {
      id,
      name: this.shown?.name ?? t.views.view,
      count: this.#count,
      ids: this.#ids,
      empty: this.missing ? t.views.missing : t.views.empty,
      hasMore: this.#cursor !== null,
      fetch: async (more) => {
        await (more ? this.#page(this.#cursor) : this.#find(id));
      },
    };
    const { shown } = this;
    if (shown && this.#count !== undefined) this.counts = { ...this.counts, [shown.id]: this.#count };
  }

  async #find(id: string): Promise<void> {
    inbox.busy = true;
    this.#finding = true;
    try {
      const found = await api.get(id);
      if (inbox.shown?.id !== id) return;
      this.shown = found;
      this.missing = false;
      await this.#refresh();
    } catch (error) {
      if (inbox.shown?.id !== id) return;
      this.shown = undefined;
      this.#ids = new Set();
      this.#count = undefined;
      // A damaged address names none: 422.
      if (error instanceof Problem && [404, 422].includes(error.status)) this.missing = true;
      else inbox.error = explain(error, t.common);
      this.#put(id);
    } finally {
      inbox.busy = false;
      this.#finding = false;
    }
  }

  /** Asks for the first page anew, and of what else is known whether it is still in it: time moves things too. */
  async #refresh(): Promise<void> {
    const { shown } = this;
    if (!shown) return;
    const first = await this.#page(null);
    if (!first || this.shown !== shown) return;
    for (const id of this.#ids) if (!first.includes(id)) this.#ask(id);
  }

  /** Puts a page to what is there already, and answers the ids in it: further rows stay while one works in them. */
  async #page(cursor: string | null): Promise<readonly string[] | undefined> {
    const { shown } = this;
    if (!shown) return undefined;
    inbox.error = "";
    try {
      const { items: conversations, contacts, cases, interactions, count, next_cursor: next } = await api.page(
        shown.id,
        cursor,
      );
      if (inbox.shown?.id !== shown.id) return undefined;
      live.merge({ conversations, contacts, cases, interactions });
      const found = conversations.map(({ id }) => id);
      const isSame = this.#version === shown.version; // else it begins anew
      this.#ids = new Set([...(isSame ? this.#ids : []), ...found]);
      this.#version = shown.version;
      this.#further = cursor !== null || (isSame && this.#further);
      // Past the end, time may have moved more in than one page tells of: those are found by going on from the first.
      const isShort = this.#cursor === null && count > this.#ids.size;
      if (cursor || !this.#further || isShort) this.#cursor = next;
      this.#count = count;
      this.#put(shown.id);
      return found;
    } catch (error) {
      if (inbox.shown?.id === shown.id) inbox.error = explain(error, t.common);
      return undefined;
    }
  }

  /** Takes in an event: what it touches is asked about soon. */
  hear(event: DeskEvent): void {
    if (event.type === "view.changed") void this.load().catch(() => undefined);
    if (!this.shown) return;
    for (const id of toAsk(touched(event), live.state.conversations)) this.#ask(id);
  }

  /** What time alone moves, and what events did not tell. */
  again(): void {
    void this.#refresh();
  }

  /** After a later snapshot; one that does not hold all has dropped what came with further pages. */
  afterSnapshot(): void {
    if (live.state.truncated) this.#version = undefined;
    void this.#refresh();
  }

  #ask(id: string): void {
    this.#waiting = new Set([...this.#waiting, id]);
    const since = Date.now() - this.#askedAt;
    this.#timer ??= setTimeout(() => void this.#settle(), Math.max(SOON_MS, PAUSE_MS - since));
  }

  async #settle(): Promise<void> {
    const { shown } = this;
    const asked = [...this.#waiting].slice(0, ASKED_MOST);
    if (!shown) return;
    this.#askedAt = Date.now();
    try {
      const { members, count } = await api.members(shown.id, asked);
      if (this.shown?.id !== shown.id) return;
      this.#waiting = new Set([...this.#waiting].filter((id) => !asked.includes(id)));
      this.#ids = settled(this.#ids, asked, members);
      this.#count = count;
      this.#put(shown.id);
      if (members.some(isStrange)) await this.#page(null);
    } catch {
      this.#waiting = new Set(); // the next minute asks for all of it
    } finally {
      this.#timer = undefined;
      if (this.#waiting.size) this.#ask([...this.#waiting][0] ?? "");
    }
  }
}

/** The desk does not know all that a row shows of it. */
function isStrange(id: string): boolean {
  const { conversations, contacts, cases } = live.state;
  const one = conversations[id];
  return !one || !contacts[one.contact_id] || (one.case_id !== null && !cases[one.case_id]);
}

export const views = new Views();
