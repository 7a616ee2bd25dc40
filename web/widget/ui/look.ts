/** How the brand looks: fetched beside the launcher, kept for the next page, put on by custom properties. */
import { html, nothing, type TemplateResult } from "lit";
import { openStorage } from "../chat/storage";
import { answered } from "../host/bring";
import type { Options } from "../types";

export interface Look {
  /** On light and on dark pages; null for the usual colour. */
  accent: readonly [string, string] | null;
  theme: "auto" | "light" | "dark";
  side: "start" | "end";
  corners: "square" | "soft" | "round";
  font: "ours" | "page";
  /** The launcher's text, by language. */
  labels: Readonly<Partial<Record<string, string>>>;
  phone: string;
  email: string;
  /** Where the picture is, from the server's address on. */
  logo: string | null;
}

const USUAL: Look = {
  accent: null,
  theme: "auto",
  side: "end",
  corners: "soft",
  font: "ours",
  labels: {},
  phone: "",
  email: "",
  logo: null,
};
const ROUND_PX = { square: 2, soft: 14, round: 24 };
const COLOUR = /^#[\da-f]{6}$/i;
/** A first page waits no longer for how it looks: then it looks as usual until the answer is there. */
const PATIENCE_MS = 2_500;

let worn = USUAL;

/** What is worn now; the page has one widget. */
export function look(): Look {
  return worn;
}

/** Brings the look, first the one of the page before, then the one that holds now. */
export async function dress(options: Options, wear: () => void): Promise<void> {
  const storage = openStorage(options.account);
  const take = (found: Partial<Look>) => {
    worn = { ...USUAL, ...found };
    wear();
  };
  const kept = storage.get<Look>("look");
  if (kept) take(kept);
  const plain = setTimeout(() => { take(kept ?? USUAL); }, PATIENCE_MS);
  try {
    const answer = await fetch(`${options.server}look/accounts/${options.account}`, { credentials: "omit" });
    if (!answer.ok) throw new Error(answer.statusText);
    answered();
    const found = (await answer.json()) as Look;
    storage.set("look", found);
    take(found);
  } catch {
    if (!kept) take(USUAL); // the server is away or knows no look: the usual one serves
  } finally {
    clearTimeout(plain);
  }
}

/**
 * Puts a look on the outermost host as custom properties. By script: a strict page forbids style attributes as they are
 * written, not what its scripts set; and older browsers make no style sheets.
 */
export function put({ style, dataset }: HTMLElement, { accent, side, corners, font }: Look): void {
  const [light = "", dark = ""] = accent ?? [];
  const legal = COLOUR.test(light) && COLOUR.test(dark);
  const start = side === "start";
  const properties = {
    "--look-round": `${ROUND_PX[corners] ?? ROUND_PX.soft}px`,
    "--look-light": legal ? light : "",
    "--look-dark": legal ? dark : "",
    "--look-start": start ? "max(20px, env(safe-area-inset-left))" : "",
    "--look-end": start ? "auto" : "",
  };
  for (const [name, value] of Object.entries(properties)) style.setProperty(name, value); // nothing takes it off
  dataset["font"] = font === "page" ? "page" : "ours";
}

/** How to reach the shop without its server. */
export function ways(): TemplateResult | typeof nothing {
  const { phone, email } = worn;
  if (!phone && !email) return nothing;
  return html`<span class="ways"
    >${phone ? html`<a href="tel:${phone.replace(/[^+\d]/g, "")}">${phone}</a>` : nothing}
    ${email ? html`<a href="mailto:${email}">${email}</a>` : nothing}</span
  >`;
}
