/** Tells the visitor that the page is failing and it is not them, and offers what helps. */
import { css, html, LitElement } from "lit";
import type { FailingStrings } from "../i18n/failing";
import { close } from "../ui/icons";
import { base } from "../ui/tokens";

export class TratoFailing extends LitElement {
  static override styles = [
    base,
    css`
      :host {
        position: absolute;
        inset-block-end: calc(100% + 12px);
        inset-inline-end: 0;
        width: min(340px, calc(100vw - 40px));
      }
      section {
        display: grid;
        gap: 8px;
        padding: 14px 16px 16px;
        border: 1px solid var(--edge);
        border-radius: 12px;
        background: var(--surface);
        color: var(--ink);
        box-shadow: 0 4px 18px oklch(0.3 0.02 240 / 0.22);
      }
      .head {
        display: flex;
        align-items: start;
        gap: 8px;
      }
      .head > div {
        display: grid;
        flex: 1;
        gap: 6px;
        padding-block-start: 8px;
      }
      h2 {
        font-size: 16px;
        font-weight: 600;
      }
      .acts {
        display: flex;
        flex-wrap: wrap;
        gap: 8px;
      }
    `,
  ];
  static override properties = { strings: { attribute: false } };

  declare strings: FailingStrings;

  protected override render() {
    const { strings } = this;
    const act = (name: string) => () => this.dispatchEvent(new Event(name));
    return html`
      <section aria-labelledby="title">
        <div class="head">
          <div role="status">
            <h2 id="title">${strings.title}</h2>
            <p>${strings.detail}</p>
          </div>
          <button class="icon" type="button" aria-label=${strings.close} @click=${act("close")}>${close}</button>
        </div>
        <div class="acts">
          <button class="button main" type="button" @click=${act("tell")}>${strings.tell}</button>
          <button class="button" type="button" @click=${act("person")}>${strings.person}</button>
        </div>
      </section>
    `;
  }
}
