/** Before the first word: how the matter stands, the search, how they like to be helped, and always a person. */
import { html, nothing, type TemplateResult } from "lit";
import type { Chat } from "../chat/chat";
import "../search/box";
import type { CaseLine, Options, Prefers, WidgetEvent } from "../types";
import { day } from "./format";
import { face } from "./face";
import { person } from "./icons";
import { waitWords } from "./wait";

/** What the visitor may turn to from here. */
export interface Turns {
  write: (text?: string) => void;
  agree: () => void;
  tell: (event: WidgetEvent) => void;
}

export function home(chat: Chat, options: Options, turns: Turns): TemplateResult {
  const { state } = chat;
  const known = state.greeting?.case;
  const asks = state.phase === "ready" && state.preference.prefers === "unknown" && !chat.kept.asked;
  return html`
    <div class="home">
      ${known ? matter(chat, known, options.language) : nothing}
      ${state.preference.prefers === "person" ? people(chat, options, turns) : nothing}
      ${search(chat, options, turns)} ${asks ? question(chat) : nothing}
    </div>
  `;
}

export function search(chat: Chat, options: Options, turns: Turns): TemplateResult {
  return html`<trato-search
    .options=${options}
    .about=${chat.place.thing}
    @tell=${(event: CustomEvent<WidgetEvent>) => { turns.tell(event.detail); }}
    @person=${(event: CustomEvent<string>) => { turns.write(event.detail); }}
  ></trato-search>`;
}

/** A person: who is there now, how long it takes, and the ways; last, unless the visitor prefers a person. */
export function people(chat: Chat, { language, server }: Options, turns: Turns): TemplateResult | typeof nothing {
  const { state, strings } = chat;
  if (state.phase !== "ready") return nothing;
  const { present, people: there, wait } = state;
  const names = new Intl.ListFormat(language).format(present.map(({ name }) => name));
  return html`
    <section class="person" aria-labelledby="person">
      <h3 id="person">
        ${present.length
          ? html`<span class="faces" aria-hidden="true">${present.map((one) => face(one, server))}</span>`
          : person}
        ${strings.person}
        <span>· ${there === "available" && names ? strings.ways.present(names, present.length) : strings.people[there]}</span>
      </h3>
      <p>${strings.peopleDetail[there]}</p>
      ${there !== "available" && wait && wait.told?.code !== "nobody" ? html`<p>${waitWords(wait, strings, language)}</p>` : nothing}
      <p class="ways">
        <button class="button" type="button" @click=${() => { turns.write(); }}>${strings.ways.chat}</button>
        ${wait
          ? html`<button class="button" type="button" @click=${turns.agree}>
              ${there === "available" ? strings.ways.callMe : strings.wait.instead}
            </button>`
          : nothing}
      </p>
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
