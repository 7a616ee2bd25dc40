/** Asks once, in plain words, whether who helps may see what the visitor tried alone. */
import { html, nothing, type TemplateResult } from "lit";
import type { Chat } from "../chat/chat";

export function shareQuestion(chat: Chat): TemplateResult | typeof nothing {
  const { strings, state, trail } = chat;
  if (state.phase !== "ready" || !trail.asks) return nothing;
  const answer = (shared: boolean) => () => {
    chat.shareTrail(shared).catch(() => undefined); // kept, and sent with what comes next
  };
  return html`
    <section class="share" aria-label=${strings.share.ask}>
      <p>${strings.share.ask} <small>${strings.share.detail(state.trail.days)}</small></p>
      <div class="choices">
        <button class="button" type="button" @click=${answer(true)}>${strings.share.yes}</button>
        <button class="button" type="button" @click=${answer(false)}>${strings.share.no}</button>
      </div>
    </section>
  `;
}
