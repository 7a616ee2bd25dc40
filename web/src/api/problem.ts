/** What the server says when it cannot do what was asked (RFC 9457), and how it is told to a person. */
import type { Words } from "../i18n/common/es";

interface ProblemBody {
  /** With a 401 on `/session`: whether this installation has been set up. */
  set_up?: boolean;
  type?: string;
  title?: string;
  detail?: string;
  todo?: string;
  field?: string;
  /** With a 422 of an input: each field that is wrong, and why. */
  errors?: { field: string; detail: string }[];
  /** With a 409 of the kind `changed-meanwhile`: what is there now, and who wrote it. */
  version?: number;
  changed_by?: string | null;
}

/** A request that failed: `status` 0 means that the server was not reached. */
export class Problem extends Error {
  override readonly name = "Problem";

  constructor(
    readonly status: number,
    readonly body: ProblemBody = {},
  ) {
    super(body.detail ?? body.title ?? `status ${status.toString()}`);
  }

  /** The last word of the problem's type, such as `not-found`. */
  get kind(): string {
    return this.body.type?.split(/[/:#]/).pop() ?? "";
  }

  /** The input that is wrong, when the server names one. */
  get field(): string | undefined {
    return this.body.field ?? undefined;
  }

  /** Each input that is wrong with its own sentence, when the server tells them apart. */
  get fields(): { field: string; detail: string }[] {
    return this.body.errors ?? [];
  }

  /** Somebody else changed the same thing since it was read: which version it has now, and by whom. */
  get changed(): { version: number; by: string | null } | undefined {
    const { version, changed_by: by = null } = this.body;
    return this.kind === "changed-meanwhile" && version !== undefined ? { version, by } : undefined;
  }

  get unreachable(): boolean {
    return this.status === 0;
  }
}

const BY_STATUS: Record<number, Exclude<keyof Words["errors"], "changedBy">> = {
  0: "network",
  403: "forbidden",
  404: "missing",
  413: "tooLarge",
  429: "tooMany",
};

/** One sentence for the person at the desk, with what the server knows about the case when it says so. */
export function explain(error: unknown, words: Words): string {
  if (!(error instanceof Problem)) return words.errors.server;
  const known = BY_STATUS[error.status];
  if (known) return words.errors[known];
  if (error.fields.length) return told(error.fields);
  const said = [error.body.detail, error.body.todo].filter(Boolean).join(" ");
  // What a service depends on does not answer: that was foreseen, and the server says what and what to do.
  if (error.kind === "unavailable" && said) return said;
  if (error.status >= 500) return words.errors.server;
  if (error.changed) return words.errors.changedBy(error.changed.by);
  return said || (error.status === 409 ? words.errors.conflict : words.errors.invalid);
}

/** What is wrong with which field, where no field is there to show it. */
export const told = (fields: readonly { field: string; detail: string }[]): string =>
  fields.map(({ field, detail }) => (field ? `${detail} (${field})` : detail)).join(" ");

/** Waits for a removal; what is gone already is as good as removed. */
export async function orGone(removal: Promise<unknown>): Promise<void> {
  try {
    await removal;
  } catch (error) {
    if (!(error instanceof Problem && error.status === 404)) throw error;
  }
}
