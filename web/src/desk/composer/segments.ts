/** In how many parts a text goes out as SMS. Pure; the same as `trato.decide.segments` (3GPP TS 23.038, 23.040). */
const BASIC = new Set(
  "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà",
);
const EXTENDED = new Set("\f^{}\\[~]|€");

export interface Segments {
  parts: number;
  /** Characters that the last part still takes. */
  left: number;
  /** Everything fits in the small alphabet; else each part takes less than half. */
  small: boolean;
}

export function segments(text: string): Segments {
  const characters = [...text];
  const small = characters.every((one) => BASIC.has(one) || EXTENDED.has(one));
  const sizes = characters.map((one) => (small ? (EXTENDED.has(one) ? 2 : 1) : one.length));
  const [single, each] = small ? [160, 153] : [70, 67];
  const total = sizes.reduce((sum, size) => sum + size, 0);
  if (total <= single) return { parts: total ? 1 : 0, left: single - total, small };
  let parts = 1;
  let used = 0;
  for (const size of sizes) {
    if (used + size > each) {
      parts += 1;
      used = 0; // neither an escape nor half of a pair stands at the end of a part
    }
    used += size;
  }
  return { parts, left: each - used, small };
}
