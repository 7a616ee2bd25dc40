/** The widget's entry: defines the custom element that any site includes. */
import { LitElement, html } from "lit";

export class TratoWidget extends LitElement {
  protected override render() {
    return html`<slot></slot>`;
  }
}

if (!customElements.get("trato-widget")) customElements.define("trato-widget", TratoWidget);
