/** How somebody who helps looks: their picture, else the first letter of their name. */
import { html, type TemplateResult } from "lit";
import type { Person } from "../types";
import "./logo";

export const face = ({ name, picture }: Person, server: string): TemplateResult =>
  picture
    ? html`<trato-logo class="face" .src=${new URL(picture, server).href}></trato-logo>`
    : html`<i class="face">${[...name][0]}</i>`;
