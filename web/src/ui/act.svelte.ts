/** Runs an act of the person: knows whether it is under way, and says in words what went wrong. */
import { explain, Problem, told } from "../api/problem";
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

/** The state of a form: busy while it is sent, with its error in words, the fields it is about, and whether it holds
 * changes that were not sent. */
export class Submission {
  busy = $state(false);
  error = $state("");
  #wrong = $state.raw<{ field: string; detail: string }[]>([]);
  #noted = $state(0);
  #settled = $state(0);

  async run(work: () => Promise<unknown>, words: (error: unknown) => string | undefined = () => undefined) {
    if (this.busy) return false;
    this.busy = true;
    this.error = "";
    this.#wrong = [];
    const noted = this.#noted;
    try {
      await work();
      this.#settled = noted; // what is typed meanwhile was not sent
      return true;
    } catch (error) {
      const said = words(error);
      this.error = said ?? explain(error, t.common);
      this.#wrong = wrongIn(error, said);
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

  /** Nothing is sent: the form itself sees what is wrong with a field. */
  refuse(field: string, detail: string): void {
    this.error = detail;
    this.#wrong = [{ field, detail }];
  }

  /** The first field that the error is about. */
  get field(): string | undefined {
    return this.#wrong[0]?.field;
  }

  /** The error, when it is about this field or a part of it. */
  of(field: string): string | undefined {
    return this.error ? this.#wrong.find((one) => isAbout(one.field, field))?.detail : undefined;
  }

  /** The error, when no field of the form shows it; of several what none of them shows. */
  general(...fields: string[]): string {
    const others = this.#wrong.filter((one) => !fields.some((field) => isAbout(one.field, field)));
    if (others.length === this.#wrong.length) return this.error;
    return told(others);
  }
}

const isAbout = (wrong: string, field: string): boolean => `${wrong}.`.startsWith(`${field}.`);

function wrongIn(error: unknown, said: string | undefined): { field: string; detail: string }[] {
  if (!(error instanceof Problem)) return [];
  if (error.fields.length && said === undefined) return error.fields;
  return error.field ? [{ field: error.field, detail: said ?? explain(error, t.common) }] : [];
}
