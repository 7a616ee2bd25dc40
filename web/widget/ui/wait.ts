/** The wait as a person says it, and what can be agreed on instead of waiting on the page. */
import { html, nothing, type TemplateResult } from "lit";
import type { Chat } from "../chat/chat";
import type { Strings } from "../i18n";
import type { Callback, Told, Wait } from "../types";
import { clock, day } from "./format";

/** Where the visitor stands and how long it takes; never more precise than what is known. */
export function waitWords(wait: Wait, strings: Strings, language: string): string {
  if (!wait.told) return "";
  const place = wait.position === null || wait.told.code === "moment" ? "" : `${strings.wait.place(wait.position)} `;
  return place + toldWords(wait.told, strings, language);
}

function toldWords({ code, low_min, high_min, opens_at }: Told, { wait }: Strings, language: string): string {
  const low = low_min ?? 1;
  const high = high_min ?? 1;
  switch (code) {
    case "under":
      return wait.under(high);
    case "about":
      return wait.about(high);
    case "between":
      return wait.between(low, high);
    case "closed": {
      if (!opens_at) return wait.closed;
      const today = new Date(opens_at).toDateString() === new Date().toDateString();
      return wait.opens(today ? null : day(opens_at, language), clock(opens_at, language));
    }
    default:
      return wait[code];
  }
}

/** Whether there is something to say beside the thread. */
export function hasStrip({ conversation, wait }: Chat["state"]): boolean {
  if (!wait || conversation?.status !== "open") return false;
  return isAgreed(wait.callback) || (wait.is_long && !conversation.agent);
}

export function isAgreed(callback: Callback | null): callback is Callback {
  return callback?.state === "waiting" || callback?.state === "scheduled";
}

/** Above the place to write: what was agreed, or the way to agree on something. */
export function strip(chat: Chat, language: string, open: () => void): TemplateResult | typeof nothing {
  const { state, strings } = chat;
  if (!hasStrip(state)) return nothing;
  const callback = state.wait?.callback ?? null;
  if (!isAgreed(callback)) {
    return html`<p class="strip"><button class="link" type="button" @click=${open}>${strings.wait.instead}</button></p>`;
  }
  return html`
    <section class="strip agreed" aria-label=${strings.callback.title}>
      <p role="status" dir="auto">${agreedWords(callback, strings, language)}</p>
      <button class="link" type="button" @click=${open}>${strings.callback.change}</button>
      <button class="link" type="button" @click=${() => { chat.disagree().catch(() => undefined); }}>
        ${strings.callback.cancel}
      </button>
    </section>
  `;
}

function agreedWords({ how, address, slot_start, slot_end }: Callback, strings: Strings, language: string): string {
  const { agreed, at, keeps } = strings.callback;
  const said = how === "here" ? agreed.here : agreed[how](address ?? "");
  if (!slot_start || !slot_end) return `${said} ${keeps}`;
  return `${said} ${slotWords(slot_start, slot_end, at, language)}`;
}

/** A slot in the visitor's own time: the day as people say it, from when until when. */
function slotWords(start: string, end: string, at: Strings["callback"]["at"], language: string): string {
  const date = new Intl.DateTimeFormat(language, { weekday: "long", day: "numeric", month: "long" });
  const words = date.format(new Date(start));
  return at(words.charAt(0).toUpperCase() + words.slice(1), clock(start, language), clock(end, language));
}
