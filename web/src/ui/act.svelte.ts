/** Runs an act of the person: knows whether it is under way, and says in words what went wrong. */
import { explain } from "../api/problem";
import { t } from "../i18n/index.svelte";
import { toasts } from "./toasts.svelte";

/** Runs `work` and tells a failure at the edge of the screen; answers whether it went well. */
export async function act(work: () => Promise<unknown>): Promise<boolean> {
  try {
    await work();
    return true;
  } catch (error) {
    toasts.fail(explain(error, t.common));
    return false;
  }
}

/** The state of a form: busy while it is sent, with its error in words, the field it is about, and whether it holds
 * changes that were not sent. */
export class Submission {
  busy = $state(false);
  error = $state("");
  field = $state<string | undefined>();
  #noted = $state(0);
  #settled = $state(0);

  async run(work: () => Promise<unknown>, words: (error: unknown) => string | undefined = () => undefined) {
    if (this.busy) return false;
    this.busy = true;
    this.error = "";
    this.field = undefined;
    const noted = this.#noted;
    try {
      await work();
      this.#settled = noted; // what is typed meanwhile was not sent
      return true;
    } catch (error) {
      this.error = words(error) ?? explain(error, t.common);
      this.field =
        error instanceof Error && "field" in error ? (error.field as string | undefined) : undefined;
      return false;
    } finally {
      this.busy = false;
    }
  }

  /** Whether the person changed something that was neither sent nor let go. */
  get changed(): boolean {
    return this.#noted !== this.#settled;
  }

  /** The person changed something. */
  note(): void {
    this.#noted += 1;
  }

  /** What was changed is let go. */
  settle(): void {
    this.#settled = this.#noted;
  }

  /** The error, when it is about this field. */
  of(field: string): string | undefined {
    return this.field === field ? this.error : undefined;
  }

  /** The error, when no field of the form shows it. */
  general(...fields: string[]): string {
    return this.field && fields.includes(this.field) ? "" : this.error;
  }
}
