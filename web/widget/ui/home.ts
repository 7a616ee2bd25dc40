/** Before the first word: how the matter stands, how they like to be helped, and always a person. */
import { html, nothing, type TemplateResult } from "lit";
import type { Chat } from "../chat/chat";
import type { CaseLine, Prefers } from "../types";
import { day } from "./format";
import { person } from "./icons";
import { waitWords } from "./wait";

export function home(chat: Chat, language: string): TemplateResult {
  const { state } = chat;
  if (state.phase !== "ready") return html``;
  const known = state.greeting?.case;
  return html`
    <div class="home">
      ${known ? matter(chat, known, language) : nothing}
      ${state.preference.prefers === "unknown" ? question(chat) : nothing}
    </div>
  `;
}

/** A person, in the same place whatever stands above. */
export function people(chat: Chat, language: string, agree: () => void): TemplateResult | typeof nothing {
  const { state, strings } = chat;
  if (state.phase !== "ready") return nothing;
  return html`
    <section class="person" aria-labelledby="person">
      <h3 id="person">${person} ${strings.person} <span>· ${strings.people[state.people]}</span></h3>
      <p>${strings.peopleDetail[state.people]}</p>
      ${state.people !== "available" && state.wait
        ? html`${state.wait.told?.code === "nobody" ? nothing : html`<p>${waitWords(state.wait, strings, language)}</p>`}
            <button class="link" type="button" @click=${agree}>${strings.wait.instead}</button>`
        : nothing}
    </section>
  `;
}

/** The matter as a piece of the thread: what it is, where it is now, and what comes. */
function matter(chat: Chat, known: CaseLine, language: string): TemplateResult {
  const { strings } = chat;
  return html`
    <ol class="matter">
      <li class="done" dir="auto">${known.title}</li>
      <li class="now" dir="auto">${strings.caseNow(known.step ?? strings.caseStatus[known.status])}</li>
      ${known.promised_at ? html`<li>${strings.promised(day(known.promised_at, language))}</li>` : nothing}
    </ol>
  `;
}

function question(chat: Chat): TemplateResult {
  const { strings } = chat;
  const choose = (prefers: Prefers) => () => {
    chat.prefer({ prefers }).catch(() => undefined); // kept at the next session; nothing depends on it now
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
