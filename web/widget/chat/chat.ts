/** One visitor's conversation: session, stream, outbox and tabs, held together; knows nothing of screens. */
import type { Strings } from "../i18n";
import type { Attachment, Conversation, How, Identity, Message, Options, People } from "../types";
import type { Preference, Report, Slot, Wait, WidgetEvent } from "../types";
import { Api, passing, Problem } from "./api";
import { forgetVisitor, hasLeft, type Kept, KeptPreference, KeptSession } from "./kept";
import { Outbox } from "./outbox";
import { Place } from "./place";
import { type Action, followed, initial, instant, lastAnswer, mayBeOver, reduce, type State, unread } from "./state";
import { allSent, backOnline } from "./online";
import { openStorage } from "./storage";
import { follow, type News } from "./stream";
import { joinTabs } from "./tabs";
import { Trail } from "./trail";

const TYPING_EVERY_MS = 4_000;
const TYPING_SHOWN_MS = 6_000;
const DELIVERED_AFTER_MS = 400;
const LONGEST_WAIT_MS = 30_000;

type Told =
  | { kind: "news"; news: News; position: number | undefined }
  | { kind: "sent"; message: Message; conversation: Conversation; people: People; wait: Wait | null }
  | { kind: "do"; action: Action };

export class Chat {
  state: State = initial;
  readonly storage;
  readonly trail: Trail;
  readonly place: Place;
  readonly kept: KeptPreference;
  /** How often somebody left: what comes late of them is not for who is here now. */
  left = 0;
  #api: Api;
  #kept: KeptSession;
  #outbox: Outbox;
  #tabs;
  /** Who the shop says the visitor is, until the server has answered it. */
  #proof: Identity | null = null;
  #listeners = new Set<() => void>();
  #starting: Promise<void> | null = null;
  #begun = false;
  #stream: { conversation: string; stop: AbortController } | null = null;
  #typedAt = 0;
  /** The latest wish: only what it says is shown once it is told. */
  #wish = {};
  #typingTimer: ReturnType<typeof setTimeout> | undefined;

  constructor(
    options: Options,
    readonly strings: Strings,
    private readonly emit: (event: WidgetEvent) => void,
  ) {
    this.storage = openStorage(options.account);
    this.#api = new Api(options.server, options.account, options.language);
    this.#kept = new KeptSession(this.storage);
    this.kept = new KeptPreference(this.storage);
    this.trail = new Trail(this.storage, this.#api);
    this.place = new Place((context, page) => this.#api.place(context, page));
    this.#tabs = joinTabs<Told>(options.account, (told) => { this.#hear(told); });
    this.#outbox = new Outbox(this.storage, {
      send: (message) => this.#send(message),
      changed: (pending) => { this.#do({ type: "pending", pending }); },
      alone: (work) => this.#tabs.alone("outbox", work),
      explain: (problem) => this.explain(problem),
    });
    this.#do({ type: "pending", pending: this.#outbox.pending });
    this.storage.watch<Kept>("session", (before) => {
      if (this.#catchUp(before) !== this.#api.token && this.#begun) void this.start();
    });
    addEventListener("online", () => {
      if (this.#begun) void this.start(); // who has no conversation has no stream to say that we are back
      void this.#outbox.flush();
    });
    addEventListener("offline", () => { this.#do({ type: "online", online: false }); });
    addEventListener("pagehide", () => this.#stream?.stop.abort());
    addEventListener("pageshow", (event) => {
      if (!event.persisted || !this.#begun) return;
      const { identified, visitorId } = this.state;
      this.#catchUp(visitorId === null ? null : { identified, visitor: visitorId });
      void this.start(); // back from the browser's memory, with the stream gone
    });
  }

  /** Calls back after every change; returns how to stop that. */
  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Takes a snapshot of where we stand and follows from there; keeps trying while the network is away. */
  start(): Promise<void> {
    this.#begun = true;
    this.#starting ??= this.#start().finally(() => { this.#starting = null; });
    return this.#starting;
  }

  /** Takes up who the shop says the visitor is; null when they signed out: they are forgotten before it returns. */
  async identify(identity: Identity | null): Promise<void> {
    this.#proof = identity;
    if (identity === null) {
      // an anonymous conversation is not the shop's to end
      if (!this.#kept.found?.identified && !this.state.identified) return;
      this.#forget();
    }
    if (!this.#begun) return; // there is nothing to show yet, and nobody to be made
    await this.#starting;
    await this.start();
  }

  say(text: string, attachments: Attachment[]): void {
    this.#outbox.add(text, attachments, new Date());
  }

  retry = (clientId: string): void => { this.#outbox.retry(clientId); };

  discard = (clientId: string): void => { this.#outbox.discard(clientId); };

  upload = (file: File, signal: AbortSignal): Promise<Attachment> => this.#api.upload(file, signal);

  file = (id: string): Promise<Blob> => this.#api.file(id);

  /** Answers the question of a message; it stays until the answer got through, and news say so. */
  answer(message: Message, solved: boolean): void {
    if (solved) this.emit({ type: "solved", by: "chat" });
    this.#api.answer(message.id, solved).catch(passing);
  }

  /** Tells that a page does not work. */
  report = (report: Report): Promise<void> => this.#api.report(report);

  /** Takes the answer whether what they tried alone is shown to who helps. */
  async shareTrail(shared: boolean): Promise<void> {
    const done = this.trail.agree(shared);
    for (const listener of this.#listeners) listener();
    await done;
  }

  /** Tells that the visitor is writing, now and then. */
  typed(): void {
    if (!this.state.conversation || Date.now() - this.#typedAt < TYPING_EVERY_MS) return;
    this.#typedAt = Date.now();
    this.#api.typing().catch(passing);
  }

  /** Tells that the visitor has the answers before their eyes. */
  seen(): void {
    const last = lastAnswer(this.state);
    if (!last || unread(this.state) === 0) return;
    this.#doEverywhere({ type: "read", at: last.at });
    this.#api.seen(last.id, "read").catch(passing);
  }

  async prefer(change: Partial<Preference>): Promise<void> {
    const wish = (this.#wish = { left: this.left });
    const say = () => {
      if (wish.left !== this.left || wish !== this.#wish) return; // whose wish it is is gone, or it is another by now
      if (change.prefers) this.kept.prefers = change.prefers;
      this.#doEverywhere({ type: "said", said: { preference: { ...this.state.preference, ...change } } });
    };
    say();
    // in turn with snapshots: one from before would say otherwise again
    await this.#tabs.alone("session", async () => {
      if (wish.left === this.left) await this.#api.preference(change);
    });
    say();
  }

  slots = (): Promise<Slot[]> => this.#api.slots();

  /** Agrees on being written or called instead of waiting here; `words` first, when nothing was said yet. */
  async agree(wish: { how: How; address: string; slot: string | null }, words: string): Promise<void> {
    if (words) this.say(words, []);
    await allSent(this);
    this.#doEverywhere({ type: "said", said: { wait: await this.#api.callback(wish) } });
    if (wish.how === "email") this.#doEverywhere({ type: "said", said: { email: wish.address } });
  }

  async disagree(): Promise<void> {
    this.#doEverywhere({ type: "said", said: { wait: await this.#api.callback(null) } });
  }

  /** Where the visitor finds their own cases; the address works once. */
  ownCases = async (): Promise<string> => (await this.#api.casesLink()).url;

  async transcript(email: string): Promise<void> {
    await this.#api.transcript(email);
    this.#doEverywhere({ type: "said", said: { email } });
  }

  /** Has the visitor told when an incident is over; answers whether a mail asks whose address it is first. */
  async tellMe(id: string, email: string): Promise<boolean> {
    const asks = (await this.#api.tellMe(id, email)) === "confirm";
    if (!asks) this.#doEverywhere({ type: "said", said: { incidents: followed(this.state.incidents, id) } });
    return asks;
  }

  /** Looks whether something stopped working since, or works again; without a network it is left for later. */
  async look(): Promise<void> {
    if (this.state.phase !== "ready") return;
    const incidents = await this.#api.incidents().catch(passing);
    if (incidents) this.#do({ type: "said", said: { incidents } });
  }

  /** Takes the matter to its owner; what they promise comes as a message. */
  async toOwner(): Promise<void> {
    await this.#api.toOwner();
    void this.start();
  }

  end(): Promise<void> {
    return this.#api.end();
  }

  /** Says in the visitor's language what went wrong. */
  explain(error: unknown): string {
    const kind = error instanceof Problem ? error.kind : "other";
    const { problems } = this.strings;
    return problems[kind] ?? problems["other"] ?? "";
  }

  async #start(): Promise<void> {
    for (let waitMs = 1_000; ; waitMs = Math.min(2 * waitMs, LONGEST_WAIT_MS)) {
      try {
        // one tab at a time, so that two that open together become one visitor
        await this.#tabs.alone("session", () => this.#open());
        this.#follow();
        await this.trail.tell().catch(passing);
        void this.#outbox.flush();
        return;
      } catch (error) {
        if (!(error instanceof Problem)) throw error;
        if (!error.passing) {
          this.#do({ type: "refused", problem: error.message });
          return;
        }
        this.#do({ type: "online", online: false });
        await backOnline(Math.max(waitMs, error.retryAfterMs));
      }
    }
  }

  async #open(): Promise<void> {
    const proof = this.#proof;
    const before = this.#kept.found;
    this.#api.token = before?.token ?? null;
    const session = await this.#api.session(proof, location.origin + location.pathname);
    // somebody came or left meanwhile, here or in another tab: this answer is not of who is here now
    if (proof !== this.#proof || before?.token !== this.#kept.found?.token) return this.#open();
    this.#proof = null; // shown once: what was refused would be refused at each start
    const { token, identified, visitor_id: visitor } = session;
    const kept = { token, identified, alive: session.conversation?.status === "open", visitor };
    if (identified && hasLeft(before, kept)) this.#forget();
    this.#api.token = token;
    this.#kept.keep(kept);
    this.#do({ type: "session", session });
    const prefers = this.kept.unknownThere(session.preference.prefers);
    if (prefers) this.prefer({ prefers }).catch(passing); // told at the next session, then
    this.#confirm(lastAnswer(this.state));
    if (session.identity_problem) this.emit({ type: "identity-refused", reason: session.identity_problem });
  }

  #follow(): void {
    const conversation = this.state.conversation?.id;
    if (conversation && this.#stream?.conversation === conversation && !this.#stream.stop.signal.aborted) return;
    this.#unfollow();
    if (!conversation) return;
    const stop = new AbortController();
    this.#stream = { conversation, stop };
    const hooks = {
      position: () => this.state.position,
      news: (news: News, position: number | undefined) => {
        this.#tabs.tell({ kind: "news", news, position });
        this.#take(news, position);
        this.#confirm(news.message ?? null);
      },
      reset: () => {
        this.#doEverywhere({ type: "reset" });
        void this.start();
      },
      refused: () => {
        stop.abort();
        void this.start();
      },
      online: (online: boolean) => {
        if (online !== this.state.online) this.#doEverywhere({ type: "online", online });
        if (online && this.state.pending.length) void this.#outbox.flush();
      },
    };
    void this.#tabs.alone("stream", () => follow(this.#api, hooks, stop.signal), stop.signal);
  }

  #unfollow(): void {
    this.#stream?.stop.abort();
    this.#stream = null;
  }

  async #send(message: Parameters<Api["send"]>[0]): Promise<void> {
    if (!this.#api.token) throw new Problem(0, "unreachable", "no session yet");
    const { left } = this;
    await this.trail.tell().catch(passing); // first, so that it stands there when the message is read
    if (left !== this.left) return; // whose words these are is gone
    try {
      const { message: sent, conversation, people, wait } = await this.#api.send(message);
      if (left !== this.left) return;
      this.#do({ type: "sent", message: sent, conversation, people, wait });
      this.#tabs.tell({ kind: "sent", message: sent, conversation, people, wait });
      this.#do({ type: "online", online: true });
      this.emit({ type: "sent", id: sent.id });
      void this.place.tell();
      this.#kept.remember(this.state.conversation?.status === "open");
      this.#follow();
    } catch (error) {
      if (error instanceof Problem && error.status === 401) void this.start();
      if (error instanceof Problem && error.status === 0) this.#do({ type: "online", online: false });
      throw error;
    }
  }

  #hear(told: Told): void {
    if (told.kind === "news") this.#take(told.news, told.position);
    else if (told.kind === "do") this.#do(told.action);
    else {
      const { message, conversation, people, wait } = told;
      this.#do({ type: "sent", message, conversation, people, wait });
      this.#follow();
    }
  }

  #take(news: News, position: number | undefined): void {
    const at = position === undefined ? {} : { position };
    if (news.message) {
      const fresh = !news.message.mine && instant(news.message.at) > instant(lastAnswer(this.state)?.at);
      this.#do({ type: "message", message: news.message, ...at });
      if (fresh) this.emit({ type: "message", id: news.message.id });
      if (fresh && mayBeOver(this.state, news.message)) void this.start();
    } else if (news.conversation) {
      this.#do({ type: "standing", standing: news.conversation, ...at });
      this.#kept.remember(this.state.conversation?.status === "open");
    } else if (news.wait !== undefined) {
      this.#do({ type: "said", said: { wait: news.wait } });
    } else if (news.typing) {
      this.#do({ type: "typing", name: news.typing.name });
      clearTimeout(this.#typingTimer);
      this.#typingTimer = setTimeout(() => { this.#do({ type: "typing", name: null }); }, TYPING_SHOWN_MS);
    } else if (position !== undefined) this.#do({ type: "position", position });
  }

  /** Tells the desk that an answer is here, unless the visitor reads it at once, which says more. */
  #confirm(message: Message | null): void {
    if (!message || message.mine || unread(this.state) === 0) return;
    setTimeout(() => {
      const read = instant(this.state.conversation?.contact_read_at) >= instant(message.at);
      if (!read) this.#api.seen(message.id, "delivered").catch(passing);
    }, DELIVERED_AFTER_MS);
  }

  #do(action: Action): void {
    const before = unread(this.state);
    const state = reduce(this.state, action);
    if (state === this.state) return;
    this.state = state;
    const count = unread(state);
    if (count !== before) this.emit({ type: "unread", count });
    for (const listener of this.#listeners) listener();
  }

  #doEverywhere(action: Action): void {
    this.#do(action);
    this.#tabs.tell({ kind: "do", action });
  }

  /** Lets go of who left in another tab, or on a later page of this one; returns the token that is kept now. */
  #catchUp(before: Pick<Kept, "identified" | "visitor"> | null): string | null {
    const found = this.#kept.found;
    if (hasLeft(before, found)) {
      this.#proof = null; // else this tab would sign in again who signed out in another
      this.#leave();
    }
    return found?.token ?? null;
  }

  #forget(): void {
    forgetVisitor(this.storage);
    this.#leave();
  }

  /** Lets go of all that this page holds of somebody. */
  #leave(): void {
    this.left += 1;
    this.#unfollow();
    this.#api.token = null;
    this.trail.forget();
    this.place.forget();
    this.#do({ type: "forget" });
    this.#do({ type: "pending", pending: this.#outbox.pending });
  }
}
