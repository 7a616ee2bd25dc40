/** One visitor's conversation: session, stream, outbox and tabs, held together; knows nothing of screens. */
import type { Strings } from "../i18n";
import type { Attachment, How, Identity, Message, Options, Pending, Preference, Report, Slot, WidgetEvent } from "../types";
import { Api, passing, Problem, type SentReply } from "./api";
import { Following } from "./following";
import { wrongIn } from "./identity";
import { forgetVisitor, hasLeft, type Kept, KeptPreference, KeptSession, namedIn, takeUp, unsentOf } from "./kept";
import { allSent, backOnline } from "./online";
import { Outbox } from "./outbox";
import { deliver, sendUnsent, type Unsent } from "./parting";
import { Place } from "./place";
import { Shared } from "./shared";
import { followed, instant, lastAnswer, type State, unread } from "./state";
import { openStorage } from "./storage";
import { Trail } from "./trail";

const TYPING_EVERY_MS = 4_000;
const DELIVERED_AFTER_MS = 400;
const LONGEST_WAIT_MS = 30_000;

export class Chat {
  readonly storage;
  readonly trail: Trail;
  readonly place: Place;
  readonly kept: KeptPreference;
  /** How often somebody left: what comes late of them is not for who is here now. */
  left = 0;
  #api: Api;
  #kept: KeptSession;
  #outbox: Outbox;
  #shared: Shared;
  #following: Following;
  /** Who the shop says the visitor is, until the server has answered it. */
  #proof: Identity | null = null;
  /** Whom the shop named last, as far as this page has heard. */
  #named: string | null;
  #starting: Promise<void> | null = null;
  #begun = false;
  #typedAt = 0;
  /** The latest wish: only what it says is shown once it is told. */
  #wish = {};

  constructor(
    private readonly options: Options,
    readonly strings: Strings,
    private readonly emit: (event: WidgetEvent) => void,
  ) {
    this.storage = openStorage(options.account);
    this.#api = new Api(options.server, options.account, options.language);
    this.#kept = new KeptSession(this.storage);
    this.kept = new KeptPreference(this.storage);
    this.trail = new Trail(this.storage, this.#api);
    this.place = new Place((context, page) => this.#api.place(context, page));
    this.#named = namedIn(this.storage);
    this.#shared = new Shared(options.account, {
      emit,
      begun: () => { this.#following.follow(); },
      stands: () => { this.#kept.remember(this.state.conversation?.status === "open"); },
      stale: () => void this.start(),
      left: () => { this.#leftElsewhere(); },
    });
    this.#following = new Following(this.#api, this.#shared, {
      came: ({ message }) => { this.#confirm(message ?? null); },
      online: () => { if (this.state.pending.length) void this.#outbox.flush(); },
      stale: () => void this.start(),
    });
    this.#outbox = new Outbox(this.storage, {
      send: (message) => this.#send(message),
      changed: (pending) => { this.#shared.do({ type: "pending", pending }); },
      alone: (work) => this.#shared.alone("outbox", work),
      explain: (problem) => this.explain(problem),
    });
    this.#shared.do({ type: "pending", pending: this.#outbox.pending });
    this.storage.watch<Kept>("session", (before) => {
      if (this.#catchUp(before) !== this.#api.token && this.#begun) void this.start();
    });
    addEventListener("online", () => {
      if (this.#begun) void this.start(); // who has no conversation has no stream to say that we are back
      void this.#outbox.flush();
    });
    addEventListener("offline", () => { this.#shared.do({ type: "online", online: false }); });
    addEventListener("pagehide", () => { this.#following.stop(); });
    addEventListener("pageshow", (event) => {
      if (!event.persisted || !this.#begun) return;
      const { identified, visitorId } = this.state;
      this.#catchUp(visitorId === null ? null : { identified, visitor: visitorId });
      void this.start(); // back from the browser's memory, with the stream gone
    });
  }

  get state(): State {
    return this.#shared.state;
  }

  /** Calls back after every change; returns how to stop that. */
  subscribe(listener: () => void): () => void {
    return this.#shared.subscribe(listener);
  }

  /** Takes a snapshot of where we stand and follows from there; keeps trying while the network is away. */
  start(): Promise<void> {
    this.#begun = true;
    this.#starting ??= this.#start().finally(() => { this.#starting = null; });
    return this.#starting;
  }

  /**
   * Takes up who the shop says the visitor is, in whatever shape; null when they signed out. Who was here by its word and
   * is not meant is forgotten before it returns, in all tabs, and what is written from then on waits for the server's answer.
   */
  async identify(given: Identity | null): Promise<void> {
    const identity = given ?? null;
    const known = this.state.identified && namedIn(this.storage) === null; // the page has emptied the storage
    const { left, unsent } = takeUp(this.storage, identity, this.#proof);
    if (left || known) this.#part(unsent);
    this.#named = namedIn(this.storage);
    const wrong = identity === null ? null : wrongIn(identity);
    this.#proof = wrong === null ? identity : null;
    if (wrong !== null) this.emit({ type: "identity-refused", reason: this.strings.wrongIdentity(wrong) });
    if (!this.#begun) return; // there is nothing to show yet, and nobody to be made
    if (!this.#proof && !left && !known) return; // an anonymous conversation is not the shop's to end
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

  /** Answers the question of a message; it is kept and sent as words are. */
  answer(message: Message, solved: boolean): void {
    this.#outbox.answer(message.id, solved, new Date());
  }

  /** Tells that a page does not work. */
  report = (report: Report): Promise<void> => this.#api.report(report);

  /** Takes the answer whether what they tried alone is shown to who helps. */
  async shareTrail(shared: boolean): Promise<void> {
    const done = this.trail.agree(shared);
    this.#shared.changed();
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
    this.#shared.doEverywhere({ type: "read", at: last.at });
    this.#api.seen(last.id, "read").catch(passing);
  }

  async prefer(change: Partial<Preference>): Promise<void> {
    const wish = (this.#wish = { left: this.left });
    const say = () => {
      if (wish.left !== this.left || wish !== this.#wish) return; // whose wish it is is gone, or it is another by now
      if (change.prefers) this.kept.prefers = change.prefers;
      this.#shared.doEverywhere({ type: "said", said: { preference: { ...this.state.preference, ...change } } });
    };
    say();
    // in turn with snapshots: one from before would say otherwise again
    await this.#shared.alone("session", async () => {
      if (wish.left === this.left) await this.#api.preference(change);
    });
    say();
  }

  slots = (): Promise<Slot[]> => this.#api.slots();

  /** Agrees on being written or called instead of waiting here; `words` first, when nothing was said yet. */
  async agree(wish: { how: How; address: string; slot: string | null }, words: string): Promise<void> {
    if (words) this.say(words, []);
    await allSent(this);
    this.#shared.doEverywhere({ type: "said", said: { wait: await this.#api.callback(wish) } });
    if (wish.how === "email") this.#shared.doEverywhere({ type: "said", said: { email: wish.address } });
  }

  async disagree(): Promise<void> {
    this.#shared.doEverywhere({ type: "said", said: { wait: await this.#api.callback(null) } });
  }

  /** Where the visitor finds their own cases; the address works once. */
  ownCases = async (): Promise<string> => (await this.#api.casesLink()).url;

  async transcript(email: string): Promise<void> {
    await this.#api.transcript(email);
    this.#shared.doEverywhere({ type: "said", said: { email } });
  }

  /** Has the visitor told when an incident is over; answers whether a mail asks whose address it is first. */
  async tellMe(id: string, email: string): Promise<boolean> {
    const asks = (await this.#api.tellMe(id, email)) === "confirm";
    if (!asks) this.#shared.doEverywhere({ type: "said", said: { incidents: followed(this.state.incidents, id) } });
    return asks;
  }

  /** Looks whether something stopped working since, or works again; without a network it is left for later. */
  async look(): Promise<void> {
    if (this.state.phase !== "ready") return;
    const incidents = await this.#api.incidents().catch(passing);
    if (incidents) this.#shared.do({ type: "said", said: { incidents } });
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
        await this.#shared.alone("session", () => this.#open());
        this.#following.follow();
        await this.trail.tell().catch(passing);
        void this.#outbox.flush();
        return;
      } catch (error) {
        if (!(error instanceof Problem)) throw error;
        if (error.status === 422 && this.#proof) {
          this.#proof = null; // whatever the shop says of them, the visitor has a chat
          this.emit({ type: "identity-refused", reason: error.message });
          continue;
        }
        if (!error.passing) {
          this.#shared.do({ type: "refused", problem: error.message });
          return;
        }
        this.#shared.do({ type: "online", online: false });
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
    if (identified && hasLeft(before, kept)) {
      const unsent = unsentOf(this.storage, null);
      forgetVisitor(this.storage, namedIn(this.storage));
      this.#part(unsent);
    }
    this.#named = namedIn(this.storage);
    this.#api.token = token;
    this.#kept.keep(kept);
    this.#shared.do({ type: "session", session });
    const prefers = this.kept.unknownThere(session.preference.prefers);
    if (prefers) this.prefer({ prefers }).catch(passing); // told at the next session, then
    this.#confirm(lastAnswer(this.state));
    if (session.identity_problem) this.emit({ type: "identity-refused", reason: session.identity_problem });
  }

  async #send(item: Pending): Promise<void> {
    this.#mayBeSent();
    const { left } = this;
    await this.trail.tell().catch(passing); // first, so that it stands there when the message is read
    if (left !== this.left) return; // whose words these are is gone
    this.#mayBeSent();
    try {
      const sent = await deliver(this.#api, item);
      if (left !== this.left) return;
      if (sent) this.#sent(sent);
      if (item.answers) this.#shared.doEverywhere({ type: "answered", id: item.answers.message });
      if (item.answers?.solved) this.emit({ type: "solved", by: "chat" });
      this.#shared.do({ type: "online", online: true });
    } catch (error) {
      if (error instanceof Problem && error.status === 401) void this.start();
      if (error instanceof Problem && error.status === 0) this.#shared.do({ type: "online", online: false });
      throw error;
    }
  }

  /** What is written goes out as who is here now, so it waits while that is being asked. */
  #mayBeSent(): void {
    const { token } = this.#api;
    if (token && !this.#proof && token === this.#kept.found?.token) return;
    if (this.#begun && this.state.phase !== "refused") void this.start();
    throw new Problem(0, "unreachable", "no session yet");
  }

  #sent(sent: SentReply): void {
    this.#shared.sent(sent);
    this.emit({ type: "sent", id: sent.message.id });
    void this.place.tell();
    this.#kept.remember(this.state.conversation?.status === "open");
    this.#following.follow();
  }

  /** Tells the desk that an answer is here, unless the visitor reads it at once, which says more. */
  #confirm(message: Message | null): void {
    if (!message || message.mine || unread(this.state) === 0) return;
    setTimeout(() => {
      const read = instant(this.state.conversation?.contact_read_at) >= instant(message.at);
      if (!read) this.#api.seen(message.id, "delivered").catch(passing);
    }, DELIVERED_AFTER_MS);
  }

  /** Lets go of who left in another tab, or on a later page of this one; returns the token that is kept now. */
  #catchUp(before: Pick<Kept, "identified" | "visitor"> | null): string | null {
    const found = this.#kept.found;
    const another = this.#named !== null && this.#named !== namedIn(this.storage);
    if (another || hasLeft(before, found)) {
      this.#proof = null; // else this tab would sign in again who signed out in another
      this.#leave(false);
    }
    return found?.token ?? null;
  }

  /** Hears that who was here has left in another tab, which begins anew for whoever is here now. */
  #leftElsewhere(): void {
    this.#proof = null;
    if (!this.storage.lasting) forgetVisitor(this.storage, null);
    this.#leave(false);
    if (!this.storage.lasting && this.#begun) void this.start();
  }

  /** Lets go of somebody whom the storage has forgotten; what they had sent and is not through goes out as theirs. */
  #part(unsent: Unsent | null): void {
    this.#leave(true);
    if (unsent) void sendUnsent(this.options, unsent);
  }

  /** Lets go of all that this page holds of somebody, and the other tabs too where they are not told otherwise. */
  #leave(everywhere: boolean): void {
    this.left += 1;
    this.#named = namedIn(this.storage);
    this.#following.stop();
    this.#api.token = null;
    this.trail.forget();
    this.place.forget();
    this.#shared.forget(everywhere);
    this.#shared.do({ type: "pending", pending: this.#outbox.pending });
  }
}
