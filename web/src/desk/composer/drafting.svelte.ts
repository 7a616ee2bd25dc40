/** The drafts of a conversation while they are written, kept on this device at once and at the server a moment later. */
import { onMount } from "svelte";
import { me } from "../../access/session.svelte";
import { afterSnapshots } from "../../live/following.svelte";
import { showing } from "./change";
import { keepDraft, readDraft, type Draft, type Mode } from "./drafts";
import type { Kept } from "./kept";
import { Uploads } from "./uploads.svelte";

const MODES: readonly Mode[] = ["reply", "note"];

/** Files that were on their way when one left the conversation: they go on, and are found again. */
let left: Readonly<Record<string, Uploads | undefined>> = {};

export class Drafting {
  readonly #name: string;
  readonly drafts: Record<Mode, Draft>;
  readonly uploads: Readonly<Record<Mode, Uploads>>;
  /** Whoever wrote here has gone on to something else. */
  gone = false;
  #kept = $state.raw<Kept | undefined>();

  /** Call it while the composer is set up. */
  constructor(name: string) {
    this.#name = name;
    this.drafts = $state({ reply: readDraft(name, "reply"), note: readDraft(name, "note") });
    this.uploads = { reply: this.#attached("reply"), note: this.#attached("note") };
    $effect(() => {
      for (const mode of MODES) {
        const one = this.now(mode);
        keepDraft(name, one);
        this.#kept?.changed(mode, one);
      }
    });
    afterSnapshots(() => this.#kept?.again());
    onMount(() => {
      const hide = showing(name, {
        change: (mode, change) => {
          const next = change(this.now(mode));
          this.#put(mode, next);
          keepDraft(name, next); // also when this goes before it is shown
        },
        isUploading: () => MODES.some((mode) => this.uploads[mode].busy),
      });
      const leave = this.#keepAtServer();
      return () => {
        this.gone = true;
        hide();
        leave();
        for (const mode of MODES) this.#leave(mode);
      };
    });
  }

  /** A draft as it stands. */
  now(mode: Mode): Draft {
    return { ...$state.snapshot(this.drafts[mode]), files: this.uploads[mode].files };
  }

  #put(mode: Mode, draft: Draft): void {
    this.drafts[mode] = draft;
    this.uploads[mode].put(draft.files);
  }

  #attached(mode: Mode): Uploads {
    const name = `${this.#name}/${mode}`;
    const uploads = left[name] ?? new Uploads();
    left = { ...left, [name]: undefined };
    uploads.put([...$state.snapshot(this.drafts[mode]).files, ...uploads.files]);
    return uploads;
  }

  #leave(mode: Mode): void {
    const uploads = this.uploads[mode];
    if (!uploads.busy) return;
    uploads.put([]); // the draft has those that are there
    left = { ...left, [`${this.#name}/${mode}`]: uploads };
  }

  /** At the server too, once its part is here: the draft goes with the conversation and to other devices. */
  #keepAtServer(): () => void {
    const { agentId } = me;
    if (!agentId) return () => undefined;
    const parts = import("./kept").then(({ follow }) => {
      if (this.gone) return;
      this.#kept = follow(this.#name, {
        agentId,
        read: (of) => this.now(of),
        put: (of, draft) => {
          this.#put(of, draft);
        },
      });
    });
    return () => void parts.then(() => this.#kept?.stop());
  }
}
