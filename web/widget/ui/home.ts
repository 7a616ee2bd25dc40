/** Before the first word: how they like to be helped, asked once, and a person always in the same place. */
import { html, nothing, type TemplateResult } from "lit";
import type { Chat } from "../chat/chat";
import type { Prefers } from "../types";
import { person } from "./icons";

export function home(chat: Chat): TemplateResult {
  const { state, strings } = chat;
  if (state.phase !== "ready") return html``;
  return html`
    <div class="home">
      ${state.prefers === "unknown" ? question(chat) : nothing}
      <section class="person" aria-labelledby="person">
        <h3 id="person">${person} ${strings.person} <span>· ${strings.people[state.people]}</span></h3>
        <p>${strings.peopleDetail[state.people]}</p>
      </section>
    </div>
  `;
}

function question(chat: Chat): TemplateResult {
  const { strings } = chat;
  const choose = (prefers: Prefers) => () => {
    chat.prefer(prefers).catch(() => undefined); // kept at the next session; nothing depends on it now
  };
  return html`
    <section class="question" aria-labelledby="question">
      <h3 id="question">${strings.askPreference}</h3>
      <div class="choices">
        <button class="button" type="button" @click=${choose("alone")}>${strings.alone}</button>
        <button class="button" type="button" @click=${choose("person")}>${strings.withPerson}</button>
      </div>
    </section>
  `;
}
