/** A text as what is typed is compared with it: accents and case aside. */
export const folded = (text: string): string => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
