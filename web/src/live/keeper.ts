/**
 * Keeps a state right between snapshots and events: events that arrive while a snapshot is under way are held,
 * and a gap asks for a new snapshot. Knows neither the network nor the screen.
 */
import { apply, fromSnapshot, NOTHING, type DeskEvent, type DeskState, type Entities } from "./state";

type Snapshot = Entities & { position: number; truncated?: boolean };

/** What a state came by: all that is known was asked for, something happened, or an answer brought more. */
export type By = "snapshot" | "event" | "answer";

interface Arrival {
  event: DeskEvent;
  previous: number;
}

export class Keeper {
  state: DeskState = NOTHING;
  #held: Arrival[] | null = null;
  #taken: Promise<void> = Promise.resolve();

  /** `take` answers a snapshot and does not give up; `changed` is called with each new state and by what it came. */
  constructor(
    private readonly take: () => Promise<Snapshot>,
    private readonly changed: (state: DeskState, by: By) => void,
  ) {}

  /** The place in the log up to which all that happened is known here, or held until the snapshot is there. */
  get position(): number {
    return Math.max(this.state.position, this.#held?.at(-1)?.event.id ?? 0);
  }

  #become(state: DeskState, by: By): void {
    this.state = state;
    this.changed(state, by);
  }

  /** Takes a snapshot; while one is under way it serves for every caller. */
  snapshot(): Promise<void> {
    if (!this.#held) {
      this.#held = [];
      this.#taken = this.#takeAndCatchUp();
    }
    return this.#taken;
  }

  async #takeAndCatchUp(): Promise<void> {
    const taken = fromSnapshot(await this.take(), this.state);
    const held = this.#held ?? [];
    this.#held = null;
    this.#become(taken, "snapshot");
    for (const { event, previous } of held) this.receive(event, previous);
  }

  /** One event, and the place in the log that it follows; what is between that and ours would be missing. */
  receive(event: DeskEvent, previous: number): void {
    if (!this.#held && previous > this.state.position) void this.snapshot();
    if (this.#held) this.#held.push({ event, previous });
    else this.#become(apply(this.state, event), "event");
  }

  /** The stream is at this place. */
  reached(position: number): void {
    if (!this.#held && position > this.state.position) void this.snapshot();
  }

  /** Changes the state by what an answer brought. */
  update(change: (state: DeskState) => DeskState): void {
    this.#become(change(this.state), "answer");
  }
}
