/** A brand's look while it is edited: what the form holds, what is sent, what the preview wears. Pure. */
import type { Look, LookChange } from "../../api/looks";
import { type Language, LANGUAGES } from "../../i18n/languages";
import { colourOf, isLegible, legible, type Scheme } from "./colour";

export interface Draft {
  accent: string;
  accentDark: string;
  theme: Look["theme"];
  side: Look["side"];
  corners: Look["corners"];
  font: Look["font"];
  labels: Record<Language, string>;
  greetings: Record<Language, string>;
  phone: string;
  email: string;
  /** Where the kept one is, a new one as data, or none. */
  logo: string | null;
}

/** What the widget wears (`web/widget/ui/look.ts`). */
export interface Worn {
  accent: [string, string] | null;
  theme: Look["theme"];
  side: Look["side"];
  corners: Look["corners"];
  font: Look["font"];
  labels: Record<string, string>;
  phone: string;
  email: string;
  logo: string | null;
}

const DATA = "data:image/png;base64,";
export const dataOf = (base64: string): string => DATA + base64;

const byLanguage = (words: Record<string, string | undefined>): Record<Language, string> => ({
  es: words["es"] ?? "",
  en: words["en"] ?? "",
  pt: words["pt"] ?? "",
});

export function draftOf(look: Look): Draft {
  const { accent, accent_dark, theme, side, corners, font, labels, greetings, phone, email, logo_url } = look;
  return {
    accent: accent ?? "",
    accentDark: accent_dark ?? "",
    theme,
    side,
    corners,
    font,
    labels: byLanguage(labels),
    greetings: byLanguage(greetings),
    phone,
    email,
    logo: logo_url,
  };
}

const said = (words: Record<Language, string>): Record<string, string> =>
  Object.fromEntries(LANGUAGES.map((one) => [one, words[one].trim()] as const).filter(([, text]) => text));

/** What is sent; the picture only when another was chosen. */
export function changeOf(draft: Draft, look: Look): LookChange {
  const { theme, side, corners, font, phone, email, logo } = draft;
  return {
    accent: colourOf(draft.accent) ?? null,
    accent_dark: colourOf(draft.accentDark) ?? null,
    theme,
    side,
    corners,
    font,
    labels: said(draft.labels),
    greetings: said(draft.greetings),
    phone: phone.trim(),
    email: email.trim(),
    ...(logo === look.logo_url ? {} : { logo: logo?.slice(DATA.length) ?? null }),
  };
}

/** As it will look: a colour that cannot be read is shown as the one that is offered for it. */
export function wornOf(draft: Draft): Worn {
  const { theme, side, corners, font, phone, email, logo } = draft;
  const light = colourOf(draft.accent);
  const dark = colourOf(draft.accentDark);
  const one = light ?? dark;
  return {
    accent: one ? [legible(light ?? one, "light"), legible(dark ?? one, "dark")] : null,
    theme,
    side,
    corners,
    font,
    labels: said(draft.labels),
    phone: phone.trim(),
    email: email.trim(),
    logo,
  };
}

/** What is wrong with a colour as it is typed: no colour, or one that cannot be read. */
export function faultOf(typed: string, scheme: Scheme): "none" | "odd" | "faint" {
  if (!typed.trim()) return "none";
  const colour = colourOf(typed);
  if (!colour) return "odd";
  return isLegible(colour, scheme) ? "none" : "faint";
}
