/** The list as one person sees it: the tab chosen, its rows in order, and the row they are on. */
import type { Component } from "svelte";
import { desk as api } from "../api/desk";
import { explain } from "../api/problem";
import type { Conversation } from "../api/shapes";
import { me } from "../access/session.svelte";
import { t } from "../i18n/index.svelte";
import { live } from "../live/desk.svelte";
import { promises } from "../live/promises.svelte";
import { go, route } from "../router.svelte";
import { clock } from "../ui/clock.svelte";
import { belongs, LIVE_TABS, whatHurtsFirst, type LiveTab, type Placed, type Tab } from "./list/order";
import { countsOf, nextNew, shownCounts } from "./list/pages";
import { goOn, needed, STEP } from "./list/stretch";

const isLive = (tab: Tab): tab is LiveTab => LIVE_TABS.some((one) => one === tab);

/** A list of somebody's own making, kept by who opened it: what stands in it, and how it goes on. */
export interface Shown {
  readonly id: string;
  readonly name: string;
  readonly count: number | undefined;
  readonly ids: ReadonlySet<string>;
  readonly empty: string;
  readonly hasMore: boolean;
  readonly fetch: (more: boolean) => Promise<void>;
}

class Inbox {
  tab = $state<Tab>("mine");
  /** A view that is shown in place of the tab. */
  shown = $state.raw<Shown | undefined>();
  /** What marks a row, once it is there. */
  mark = $state.raw<Component<{ id: string }> | undefined>();
  busy = $state(false);
  error = $state("");
  /**
   * How many of the rows stand on the page: every event makes each of them ask whether it is about it, so those that
   * nobody has come to are not there.
   */
  length = $state(STEP);
  /** Where the open row stood when it was opened, and why: once answered it sinks, and one goes on from there. */
  #from: { at: number; kind?: string | undefined } = { at: 0 };
  /** Ids that the server answered for a list that is not kept live, in its order. */
  #fetched = $state.raw<readonly string[]>([]);
  #cursor = $state<string | null>(null);
  /** The snapshot to which the cursor of a live tab belongs, and that after which its pages have ended. */
  #epoch = -1;
  #ended = $state(-1);
  #asking: AbortController | undefined;

  /** The minute is enough for the order; the timers of the rows run by the second. */
  readonly #minute = $derived(Math.floor(clock.now / 60_000) * 60_000);
  readonly #all = $derived(Object.values(live.state.conversations));

  readonly #own = $derived(countsOf(this.#all, me.agentId));
  readonly counts = $derived(shownCounts(this.#own, live.counts));

  readonly rows = $derived.by((): Placed[] => {
    const { conversations, cases } = live.state;
    const view = this.shown;
    if (view) {
      return whatHurtsFirst(
        this.#all.filter(({ id }) => view.ids.has(id)),
        cases,
        this.#minute,
        promises.of,
      );
    }
    if (isLive(this.tab)) {
      const tab = this.tab;
      const shown = this.#all.filter((conversation) => belongs(conversation, tab, me.agentId));
      return whatHurtsFirst(shown, cases, this.#minute, promises.of);
    }
    const found = this.#fetched
      .map((id) => conversations[id])
      .filter((one): one is Conversation => Boolean(one && belongs(one, this.tab, me.agentId)));
    const placed = new Map(
      whatHurtsFirst(found, cases, this.#minute, promises.of).map((one) => [one.conversation.id, one]),
    );
    return found.map((one) => placed.get(one.id)).filter((one): one is Placed => Boolean(one));
  });

  get hasMore(): boolean {
    if (this.shown) return this.shown.hasMore;
    if (!isLive(this.tab)) return this.#cursor !== null;
    const over = this.#ended === live.epoch;
    return live.state.truncated && !over && this.counts[this.tab] > this.#own[this.tab];
  }

  readonly openId = $derived(route.parts[0] === "c" ? route.parts[1] : undefined);

  /** Where the list is, for whoever goes back to it. */
  get home(): string {
    return this.shown ? `/v/${this.shown.id}` : "/";
  }

  choose(tab: Tab): void {
    this.tab = tab;
    this.shown = undefined;
    if (route.parts[0] === "v") go("/");
    this.length = STEP;
    void this.fetch();
  }

  /** A live tab goes on at the server when more is open than the desk holds: what comes is live from then on. */
  async #goOn(tab: LiveTab, asking: AbortController): Promise<void> {
    const { epoch } = live;
    const from = this.#epoch === epoch ? this.#cursor : null; // a new snapshot dropped what was fetched
    const cursor = await nextNew(
      (at) => api.inbox(tab, "", at, asking.signal),
      (id) => id in live.state.conversations,
      ({ items: conversations, contacts, cases, interactions }) => {
        live.merge({ conversations, contacts, cases, interactions });
      },
      from,
    );
    this.#cursor = cursor;
    this.#epoch = epoch;
    if (cursor === null) this.#ended = epoch;
  }

  /** Asks the server for what is not kept live; an answer to an older question is dropped. */
  async fetch(more = false): Promise<void> {
    this.#asking?.abort();
    this.error = "";
    if (this.shown) return this.shown.fetch(more);
    if (!more) {
      this.#fetched = [];
      this.#cursor = null;
      this.#ended = -1;
    }
    if (isLive(this.tab) && !more) return;
    const asking = new AbortController();
    this.#asking = asking;
    this.busy = true;
    try {
      if (isLive(this.tab)) {
        await this.#goOn(this.tab, asking);
        return;
      }
      const answer = await api.inbox(this.tab, "", more ? this.#cursor : null, asking.signal);
      const { items: conversations, contacts, cases, interactions } = answer;
      live.merge({ conversations, contacts, cases, interactions });
      this.#fetched = [...(more ? this.#fetched : []), ...conversations.map((one) => one.id)];
      this.#cursor = answer.next_cursor;
    } catch (error) {
      if (!asking.signal.aborted) this.error = explain(error, t.common);
    } finally {
      if (this.#asking === asking) this.busy = false;
    }
  }

  get #at(): number {
    return this.rows.findIndex((row) => row.conversation.id === this.openId);
  }

  showMore(): void {
    this.length += STEP;
  }

  /** Another conversation is open: its row is there, and its place is remembered. */
  settle(): void {
    const at = this.#at;
    this.#from = { at, kind: this.rows[at]?.reason.kind };
    this.length = needed(this.length, at);
  }

  /** Opens the row that lies `by` rows from the one that is open, or from where that was before it was answered. */
  move(by: 1 | -1): void {
    const next = this.rows[goOn(this.#at, this.rows[this.#at]?.reason.kind, this.#from, by)];
    if (next) go(`/c/${next.conversation.id}`, this.openId !== undefined);
  }
}

export const inbox = new Inbox();
