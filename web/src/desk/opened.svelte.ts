/** The conversation on the screen: what was fetched of it, and how far back its person's history is loaded. */
import { desk as api, type Opened as Answer, type Participant } from "../api/desk";
import { explain, Problem } from "../api/problem";
import type { Contact, Conversation, Interaction, Message } from "../api/shapes";
import { t } from "../i18n/index.svelte";
import { live } from "../live/desk.svelte";

class Opened {
  id = $state<string | null>(null);
  error = $state("");
  participants = $state.raw<readonly Participant[]>([]);
  busy = $state(false);
  #cursor = $state<string | null>(null);
  /** Where the loaded part of the history begins: before it there may be holes. */
  #since = $state(0);
  #historyLoaded = $state(false);

  /** As it was fetched: a snapshot that leaves it out (more is open than it holds) takes nothing off the screen. */
  #fetched = $state.raw<Conversation | undefined>();

  readonly conversation = $derived.by((): Conversation | undefined => {
    if (!this.id) return undefined;
    const held = live.state.conversations[this.id];
    return held ?? (this.#fetched?.id === this.id ? this.#fetched : undefined);
  });
  readonly contact = $derived.by((): Contact | undefined =>
    this.conversation ? live.state.contacts[this.conversation.contact_id] : undefined,
  );

  /** Everything said with this person, over all channels, as far back as it is loaded without holes. */
  readonly messages = $derived.by((): readonly Message[] => {
    const contactId = this.conversation?.contact_id;
    // Whose it is says the conversation: it moves when two people are joined or parted.
    const owner = (message: Message): string =>
      live.state.conversations[message.conversation_id]?.contact_id ?? message.contact_id;
    return Object.values(live.state.messages).filter(
      (message) => owner(message) === contactId && Date.parse(message.created_at) >= this.#since,
    );
  });
  readonly interactions = $derived.by((): readonly Interaction[] =>
    Object.values(live.state.interactions).filter((one) => one.conversation_id === this.id),
  );

  get hasEarlier(): boolean {
    return this.#cursor !== null;
  }

  get complete(): boolean {
    return this.#historyLoaded && this.#cursor === null;
  }

  open(id: string): void {
    if (id !== this.id) {
      this.id = id;
      this.participants = [];
      this.#cursor = null;
      this.#since = 0;
      this.#historyLoaded = false;
    }
    void this.fetch();
  }

  close(): void {
    this.id = null;
  }

  /** Asks for the conversation and the latest part of the history; an answer for another one is dropped. */
  async fetch(): Promise<void> {
    const id = this.id;
    if (!id) return;
    this.error = "";
    this.busy = true;
    try {
      const answer = await api.open(id);
      this.#take(answer);
      if (this.id === id) await this.#history(answer.contact.id, null);
    } catch (error) {
      if (this.id !== id) return;
      this.error = explain(error, t.common);
      if (error instanceof Problem && [403, 404].includes(error.status)) this.#fetched = undefined;
    } finally {
      if (this.id === id) this.busy = false;
    }
  }

  #take(answer: Answer): void {
    const { conversation, contact, messages, interactions } = answer;
    live.merge({ conversation, contact, case: answer.case, messages, interactions });
    if (this.id !== conversation.id) return;
    this.#fetched = conversation;
    this.participants = answer.participants;
  }

  async #history(contactId: string, before: string | null): Promise<void> {
    const page = await api.timeline(contactId, before);
    if (this.conversation && this.conversation.contact_id !== contactId) return;
    live.merge({ messages: page.items, conversations: page.conversations });
    this.#historyLoaded = true;
    this.#cursor = page.next_cursor;
    const oldest = Math.min(...page.items.map((message) => Date.parse(message.created_at)));
    this.#since = page.next_cursor ? oldest : 0;
  }

  async earlier(): Promise<void> {
    const contactId = this.conversation?.contact_id;
    if (!contactId || !this.#cursor || this.busy) return;
    this.busy = true;
    try {
      await this.#history(contactId, this.#cursor);
    } catch (error) {
      this.error = explain(error, t.common);
    } finally {
      this.busy = false;
    }
  }
}

export const opened = new Opened();
