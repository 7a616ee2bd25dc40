/** What passes between colleagues: what is asked of us, and what stands beside the conversation on the screen. */
import { me } from "../../access/session.svelte";
import { until } from "../../api/client";
import {
  together as api,
  type Consult,
  type ConsultMessage,
  type Joined,
  type Transfer,
  type WholeConsult,
} from "../../api/together";
import { t } from "../../i18n/index.svelte";
import { live } from "../../live/desk.svelte";
import type { DeskEvent } from "../../live/state";
import { toasts } from "../../ui/toasts.svelte";
import { asides, type Aside } from "../asides.svelte";
import { agentName } from "../people";

const KINDS = ["transfer.changed", "consult.changed", "consult.said", "participants.changed"];
/** Several events of one act are answered by one question. */
const TOGETHER_MS = 60;

interface Told {
  transfer?: Transfer;
  consult?: Consult;
  consult_message?: ConsultMessage;
  conversation_id?: string;
}

class Together {
  /** Warm transfers that wait for our answer, or that we wait for. */
  asked = $state.raw<readonly Transfer[]>([]);
  /** Open consults: of us, by us, or of whoever knows as we do. */
  consults = $state.raw<readonly WholeConsult[]>([]);
  joined = $state.raw<readonly Joined[]>([]);
  #id: string | null = null;
  #left = new AbortController();
  #timer: ReturnType<typeof setTimeout> | undefined;

  readonly toMe = $derived(this.asked.filter((one) => one.to_id === me.agentId));

  /** The warm transfer of a conversation that nobody has answered. */
  pending(conversationId: string): Transfer | undefined {
    return this.asked.find((one) => one.conversation_id === conversationId);
  }

  consultsOf(conversationId: string): WholeConsult[] {
    return this.consults.filter(({ consult }) => consult.conversation_id === conversationId);
  }

  /** Follows what happens for as long as somebody looks; call the result to stop. */
  follow(): () => void {
    void this.fetch();
    return live.hear((event) => {
      if (!KINDS.includes(event.type) || !this.#concerns(event.data as Told)) return;
      this.#say(event);
      this.#soon();
    });
  }

  /** Shows what stands beside a conversation, until the result is called. */
  open(conversationId: string): () => void {
    this.#id = conversationId;
    this.joined = [];
    asides.show("together", []);
    this.#left = new AbortController();
    void this.#fetchBeside();
    const left = this.#left;
    return () => {
      left.abort();
      if (this.#id !== conversationId) return;
      this.#id = null;
      this.joined = [];
      asides.show("together", []);
    };
  }

  /** Every desk hears of everything: only what is ours, or on the screen, is asked for again. */
  #concerns({ transfer, consult, consult_message: said, conversation_id: joined }: Told): boolean {
    const mine = me.agentId;
    const ours: (string | null | undefined)[] = [
      transfer?.to_id,
      transfer?.from_agent_id,
      transfer?.got_by,
      consult?.asker_id,
      consult?.expert_id,
    ];
    const here = [transfer?.conversation_id, consult?.conversation_id, joined];
    const known = [...this.consults, ...asides.shown.flatMap((aside) => aside.consult ?? [])];
    return (
      (mine !== null && ours.includes(mine)) ||
      (this.#id !== null && here.includes(this.#id)) ||
      (consult !== undefined && consult.expert_id === null) ||
      known.some((one) => one.consult.id === (said?.consult_id ?? consult?.id))
    );
  }

  #soon(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.fetch(), TOGETHER_MS);
  }

  /** Asks again for all that is shown; what cannot be had now comes with the next event. */
  async fetch(): Promise<void> {
    const [asked, consults] = await Promise.all([
      api.asked().catch(() => this.asked),
      api.consults().catch(() => this.consults),
      this.#fetchBeside(),
    ]);
    this.asked = asked;
    this.consults = consults;
  }

  async #fetchBeside(): Promise<void> {
    const id = this.#id;
    if (!id) return;
    try {
      const [transfers, consults, joined] = await until(this.#left.signal, () =>
        Promise.all([api.transfers(id), api.consultsOf(id), api.beside(id)]),
      );
      if (this.#id !== id) return;
      this.joined = joined;
      asides.show("together", [
        ...transfers.map((transfer): Aside => ({
          key: transfer.id,
          at: Date.parse(transfer.created_at),
          transfer,
        })),
        ...consults.map((consult): Aside => ({
          key: consult.consult.id,
          at: Date.parse(consult.consult.created_at),
          consult,
        })),
      ]);
    } catch {
      // the conversation says itself that it could not be loaded; the next event asks again
    }
  }

  /** Tells us what became of what we had asked. */
  #say({ type, data }: DeskEvent): void {
    const transfer = type === "transfer.changed" ? (data as Told).transfer : undefined;
    if (!transfer || transfer.kind !== "warm" || transfer.from_agent_id !== me.agentId) return;
    const name = agentName(live.state.agents, transfer.to_id, transfer.to_name);
    if (transfer.state === "done") toasts.say(t.together.asked.took(name));
    else if (transfer.state === "declined") toasts.say(t.together.asked.declined(name, transfer.answer));
    else if (transfer.state === "withdrawn" && transfer.answer === "left")
      toasts.say(t.together.asked.left(name));
  }
}

export const together = new Together();
