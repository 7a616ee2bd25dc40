/** The conversation on the screen: what was fetched of it, and which stretch of its person's history is loaded. */
import { desk as api, type Opened as Answer, type Participant, type Place, type Timeline } from "../api/desk";
import { explain, Problem } from "../api/problem";
import type { Contact, Conversation, Interaction, Message } from "../api/shapes";
import { t } from "../i18n/index.svelte";
import { live } from "../live/desk.svelte";
import { keepMessages } from "../live/state";
import { me } from "../access/session.svelte";
import { asides } from "./asides.svelte";
import { ends, isFresh, MOST, sorted } from "./thread/stretch";

/** Messages of others that the screen has no use for are forgotten once there are as many. */
const HELD = 2_000;
/** Who goes past a conversation quicker is on the way to another one. */
const SETTLED_MS = 150;

/** A message that is to be brought into view; each wish is another object. */
export interface Reached {
  readonly id: string;
  /** Whether it takes the focus: not while somebody types in the search. */
  readonly focus: boolean;
}

class Opened {
  id = $state<string | null>(null);
  error = $state("");
  /** There is none, or not for who looks: to ask again is of no use. */
  nowhere = $state(false);
  /** It is looked at, not passed: what stands beside it may be asked for. */
  settled = $state(false);
  participants = $state.raw<readonly Participant[]>([]);
  busy = $state(false);
  /** Up to when I have read, on any device; null for never. */
  readUntil: number | null = null;
  /** What was said by others after this instant is new to me; null when nothing is. */
  freshSince = $state<number | null>(null);
  reached = $state.raw<Reached | null>(null);
  /** The message that was asked for is not in this history. */
  missing = $state(false);
  /** The loaded stretch, by its first and last instant: beyond it there may be holes. */
  #since = $state(0);
  #until = $state(Infinity);
  hasEarlier = $state(false);
  hasLater = $state(false);
  #loaded = $state(false);
  /** As it was when this was opened: what is noted while the rest still loads changes nothing of it. */
  #readBefore: number | null = null;
  #contactId = "";
  #wanted: string | null = null;
  /** One load after the other: each begins where the one before ended. */
  #queue: Promise<void> = Promise.resolve();
  /** What is asked for one conversation; another one takes it back. */
  #turn = new AbortController();
  #settling: ReturnType<typeof setTimeout> | undefined;

  /** As it was fetched: a snapshot that leaves it out (more is open than it holds) takes nothing off the screen. */
  #fetched = $state.raw<Conversation | undefined>();
  #worked = $state.raw<Readonly<Record<string, Interaction>>>({});

  readonly conversation = $derived.by((): Conversation | undefined => {
    if (!this.id) return undefined;
    const held = live.state.conversations[this.id];
    return held ?? (this.#fetched?.id === this.id ? this.#fetched : undefined);
  });
  readonly contact = $derived.by((): Contact | undefined =>
    this.conversation ? live.state.contacts[this.conversation.contact_id] : undefined,
  );

  /** What was said with this person over all channels in the loaded stretch, from the oldest to the latest. */
  readonly messages = $derived.by((): readonly Message[] => {
    const contactId = this.conversation?.contact_id;
    return sorted(
      Object.values(live.state.messages).filter(
        (message) => this.#owner(message) === contactId && this.holds(Date.parse(message.created_at)),
      ),
    );
  });
  /** The work on this person's conversations in that stretch. */
  readonly interactions = $derived.by((): readonly Interaction[] => {
    const contactId = this.conversation?.contact_id;
    return Object.values({ ...this.#worked, ...live.state.interactions }).filter(
      (one) =>
        one.conversation_id === this.id ||
        live.state.conversations[one.conversation_id]?.contact_id === contactId,
    );
  });

  /** Whose it is says the conversation: it moves when two people are joined or parted. */
  #owner(message: Message): string {
    return live.state.conversations[message.conversation_id]?.contact_id ?? message.contact_id;
  }

  /** Whether an instant lies in the loaded stretch. */
  holds(at: number): boolean {
    return at >= this.#since && at <= this.#until;
  }

  /** The first stretch is here: what stood on the screen before it was news that came while it was asked for. */
  get loaded(): boolean {
    return this.#loaded;
  }

  /** The history is loaded from its beginning. */
  get complete(): boolean {
    return this.#loaded && !this.hasEarlier;
  }

  /** Shows a conversation, at its latest message or at the one that is named. */
  open(id: string, messageId: string | null = null): void {
    if (id === this.id) {
      if (messageId && messageId !== this.#wanted) void this.reach(messageId);
      this.#wanted = messageId;
      return;
    }
    this.id = id;
    this.participants = [];
    this.#leave();
    this.#settling = setTimeout(() => (this.settled = true), SETTLED_MS);
    this.#queue = Promise.resolve();
    this.busy = false;
    this.#reset();
    this.#wanted = messageId;
    void this.fetch();
  }

  close(): void {
    this.id = null;
    this.#leave();
  }

  #leave(): void {
    this.#turn.abort();
    this.#turn = new AbortController();
    clearTimeout(this.#settling);
    this.settled = false;
  }

  #reset(): void {
    this.#since = 0;
    this.#until = Infinity;
    this.hasEarlier = this.hasLater = this.#loaded = this.missing = false;
    this.reached = null;
    this.readUntil = this.#readBefore = this.freshSince = null;
    this.#worked = {};
    this.#contactId = "";
    asides.keep(null);
  }

  /** Asks for the conversation, and for what came since; an answer for another one is dropped. */
  fetch(): Promise<void> {
    return this.#fetch();
  }

  /** The same from its latest stretch on: two people were joined or parted, and what was said may be older. */
  again(): Promise<void> {
    return this.#fetch(true);
  }

  #fetch(anew = false): Promise<void> {
    const id = this.id;
    if (!id) return Promise.resolve();
    return this.#work(async () => {
      this.#take(await api.open(id, this.#turn.signal));
      if (this.id !== id) return;
      if (anew) this.#loaded = false; // whatever a load before this one has made of it
      await this.#history();
    });
  }

  #take(answer: Answer): void {
    const { conversation, contact, messages, interactions } = answer;
    live.merge({ conversation, contact, case: answer.case, messages, interactions });
    if (this.id !== conversation.id) return;
    this.#fetched = conversation;
    this.participants = answer.participants;
    if (this.#contactId !== contact.id) {
      this.#reset();
      this.#contactId = contact.id;
      this.readUntil = this.#readBefore = answer.read_until ? Date.parse(answer.read_until) : null;
    }
  }

  /** The first stretch; afterwards only what came behind it, so that whoever reads further up stays there. */
  async #history(): Promise<void> {
    const last = this.messages.at(-1);
    if (!this.#loaded) {
      if (!this.#wanted || !(await this.#around({ around: this.#wanted }, true)))
        this.#show(await this.#page({}));
      this.freshSince = this.#unread();
    } else if (!this.hasLater && last) {
      await this.#behind(last.id);
    }
  }

  /** Up to when I had read, if somebody has said something since. */
  #unread(): number | null {
    const until = this.#readBefore;
    if (until === null) return null;
    return this.messages.some((one) => isFresh(one, until, me.agentId)) ? until : null;
  }

  async #behind(lastId: string): Promise<void> {
    try {
      this.#end(await this.#page({ after: lastId }));
    } catch (error) {
      if (!(error instanceof Problem && error.status === 404)) throw error;
      this.#show(await this.#page({})); // it was erased
    }
  }

  /** A page of this person's history; undefined when another one is shown meanwhile. */
  async #page(place: Place): Promise<Timeline | undefined> {
    const turn = this.#turn;
    const page = await api.timeline(this.#contactId, place, turn.signal);
    if (this.#turn !== turn) return undefined;
    live.merge({ messages: page.items, conversations: page.conversations });
    asides.keep(page);
    this.#worked = { ...this.#worked, ...Object.fromEntries(page.interactions.map((one) => [one.id, one])) };
    return page;
  }

  /** Shows this page alone. */
  #show(page: Timeline | undefined): void {
    if (!page) return;
    this.#loaded = true;
    this.#begin(page);
    this.#end(page);
    this.#forget();
  }

  #begin(page: Timeline): void {
    this.hasEarlier = page.next_cursor !== null;
    const first = ends(page.items)?.[0];
    if (first !== undefined || !this.hasEarlier) this.#since = this.hasEarlier ? (first ?? 0) : 0;
  }

  #end(page: Timeline | undefined): void {
    if (!page) return;
    this.hasLater = page.later;
    const last = ends(page.items)?.[1];
    this.#until = page.later ? (last ?? this.#until) : Infinity;
  }

  /** Loads around a place and brings it into view; false when there is no such message here. */
  async #around(place: Place, focus: boolean): Promise<boolean> {
    this.missing = false;
    try {
      const page = await this.#page(place);
      this.#show(page);
      if (page?.target) this.reached = { id: page.target, focus };
      return true;
    } catch (error) {
      if (!(error instanceof Problem && [404, 422].includes(error.status))) throw error;
      this.missing = true;
      return false;
    }
  }

  /** Brings a message into view, wherever in the history it is. */
  async reach(id: string, focus = true): Promise<void> {
    if (this.messages.some((message) => message.id === id)) this.reached = { id, focus };
    else await this.#work(() => this.#around({ around: id }, focus));
  }

  /** Brings what was said from an instant on into view. */
  async reachDate(at: Date): Promise<void> {
    await this.#work(() => this.#around({ at: at.toISOString() }, true));
  }

  /** Goes back to the latest. */
  async latest(): Promise<void> {
    this.reached = null;
    if (this.hasLater) await this.#work(async () => this.#show(await this.#page({})));
  }

  async earlier(): Promise<void> {
    const first = this.messages[0];
    if (!first || !this.hasEarlier || this.busy) return;
    await this.#work(async () => {
      const page = await this.#page({ before: first.id });
      if (page) this.#begin(page);
      this.#trim("later");
    });
  }

  async later(): Promise<void> {
    const last = this.messages.at(-1);
    if (!last || !this.hasLater || this.busy) return;
    await this.#work(async () => {
      this.#end(await this.#page({ after: last.id }));
      this.#trim("earlier");
    });
  }

  /** Leaves out what is far above, for whoever reads at the end while it goes on. */
  trimEarlier(): void {
    if (this.messages.length > MOST + HELD / 20) this.#trim("earlier");
  }

  /** Takes off the far side what is too much on the screen; it is loaded again when it is wanted. */
  #trim(side: "earlier" | "later"): void {
    const all = this.messages;
    if (all.length > MOST) {
      if (side === "earlier") {
        this.#since = ends(all.slice(-MOST))?.[0] ?? this.#since;
        this.hasEarlier = true;
      } else {
        this.#until = ends(all.slice(0, MOST))?.[1] ?? this.#until;
        this.hasLater = true;
      }
    }
    this.#forget();
  }

  #forget(): void {
    if (Object.keys(live.state.messages).length < HELD) return;
    const kept = new Set(this.messages);
    live.change((state) => keepMessages(state, (message) => kept.has(message)));
  }

  #work(load: () => Promise<unknown>): Promise<void> {
    const [before, turn] = [this.#queue, this.#turn];
    const now = async (): Promise<void> => {
      await before;
      if (this.#turn !== turn) return;
      this.busy = true;
      this.error = "";
      this.nowhere = false;
      try {
        await load();
      } catch (error) {
        if (this.#turn === turn) this.#refused(error);
      } finally {
        if (this.#turn === turn) this.busy = false;
      }
    };
    return (this.#queue = now());
  }

  #refused(error: unknown): void {
    // An address that was damaged on its way names none: that is told as of one that is gone.
    const isDamaged = error instanceof Problem && error.status === 422 && !this.conversation;
    const known = isDamaged ? new Problem(404) : error;
    this.error = explain(known, t.common);
    this.nowhere = known instanceof Problem && [403, 404].includes(known.status);
    if (this.nowhere) this.#fetched = undefined;
  }
}

export const opened = new Opened();
