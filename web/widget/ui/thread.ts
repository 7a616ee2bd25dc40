/** The thread: one line that runs through all that was said, with a bead for each answer. */
import { html, nothing, type TemplateResult } from "lit";
import { repeat } from "lit/directives/repeat.js";
import type { Chat } from "../chat/chat";
import { instant, lastOf, written } from "../chat/state";
import type { Attachment, Message, Pending } from "../types";
import { linked, time } from "./format";
import { marked } from "./marked";
import "./file";

const SAME_BREATH_MS = 5 * 60_000;

export function thread(chat: Chat, language: string): TemplateResult {
  const { state, strings } = chat;
  const { messages, typing } = state;
  const pending = written(state.pending);
  const lastOfMine = lastOf(messages, ({ mine }) => mine);
  // Whoever has written since has answered in words.
  const asking = pending.length ? undefined : lastOf(messages, ({ mine, asks }) => mine || asks !== null);
  return html`
    <div class="log" role="log" aria-live="polite" aria-relevant="additions" aria-label=${strings.conversation}>
    <ol class="thread">
      ${repeat(
        messages,
        (message) => message.client_id ?? message.id,
        (message, index) =>
          message.mine
            ? mine(chat, message, language, message === lastOfMine && pending.length === 0)
            : answer(chat, message, messages[index - 1], language, asking === message),
      )}
      ${repeat(pending, ({ client_id }) => client_id, (item) => waiting(chat, item))}
    </ol>
    </div>
    ${typing === null
      ? nothing
      : html`<p class="typing"><span class="dots" aria-hidden="true"><i></i><i></i><i></i></span>${strings.writing(typing)}</p>`}
  `;
}

function answer(chat: Chat, message: Message, before: Message | undefined, language: string, asks: boolean): TemplateResult {
  const goesOn =
    before !== undefined &&
    !before.mine &&
    before.author === message.author &&
    instant(message.at) - instant(before.at) < SAME_BREATH_MS;
  const when = time(message.at, language);
  return html`
    <li class="answer ${goesOn ? "on" : ""}">
      <p class="who ${goesOn ? "hidden" : ""}">
        <span dir="auto">${message.author ?? chat.state.greeting?.brand}</span> · <time datetime=${message.at}>${when}</time>
      </p>
      ${content(chat, message.text, message.attachments, message.marks)}
      ${asks ? question(chat, message) : nothing}
    </li>
  `;
}

function question(chat: Chat, message: Message): TemplateResult {
  const { state, strings } = chat;
  const given = state.pending.find(({ answers }) => answers?.message === message.id);
  if (given) {
    const word = given.answers?.solved ? strings.solved : strings.notSolved;
    return html`<div class=${given.error === null ? "" : "failed"}><p>${word}</p>${delivery(chat, given)}</div>`;
  }
  const button = (solved: boolean, word: string) => html`
    <button
      class="button"
      type="button"
      @click=${(event: Event) => {
        const panel = (event.currentTarget as HTMLElement).getRootNode() as ShadowRoot;
        chat.answer(message, solved);
        panel.querySelector<HTMLElement>("trato-composer")?.focus(); // the button goes, and would take the focus with it
      }}
    >${word}</button>
  `;
  return html`<p class="choices">${button(true, strings.solved)} ${button(false, strings.notSolved)}</p>`;
}

function mine(chat: Chat, message: Message, language: string, last: boolean): TemplateResult {
  const { strings, state } = chat;
  const readAt = state.conversation?.agent_read_at ?? null;
  const read = instant(readAt) >= instant(message.at);
  const word = readAt && read ? strings.read(time(readAt, language)) : strings.sent(time(message.at, language));
  return html`
    <li class="mine">
      <span class="hidden">${strings.you}:</span>
      ${content(chat, message.text, message.attachments)}
      <p class="state ${last ? "" : "hidden"}">${word}</p>
    </li>
  `;
}

function waiting(chat: Chat, item: Pending): TemplateResult {
  return html`
    <li class="mine ${item.error === null ? "waiting" : "failed"}">
      <span class="hidden">${chat.strings.you}:</span>
      ${content(chat, item.text, item.attachments)}
      ${delivery(chat, item)}
    </li>
  `;
}

/** How far what was said has come. */
function delivery(chat: Chat, item: Pending): TemplateResult {
  const { strings, state } = chat;
  return item.error === null
    ? html`<p class="state">${state.online ? strings.sending : strings.queued}</p>`
    : html`<p class="state" role="alert">
        ${strings.notSent} ${item.error}
        <button class="link" type="button" @click=${() => { chat.retry(item.client_id); }}>${strings.retry}</button>
        <button class="link" type="button" @click=${() => { chat.discard(item.client_id); }}>${strings.discard}</button>
      </p>`;
}

function content(chat: Chat, text: string, attachments: readonly Attachment[], marks = false): TemplateResult {
  return html`
    ${text ? html`<div class="text ${marks ? "marked" : ""}" dir="auto">${marks ? marked(text) : linked(text)}</div>` : nothing}
    ${attachments.map((file) => html`<trato-file .chat=${chat} .file=${file}></trato-file>`)}
  `;
}
