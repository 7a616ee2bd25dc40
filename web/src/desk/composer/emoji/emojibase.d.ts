/** The lists are read as what they are, not typed entry by entry. */
declare module "emojibase-data/es/compact.json" {
  const all: readonly import("./find").Raw[];
  export default all;
}
declare module "emojibase-data/en/compact.json" {
  const all: readonly import("./find").Raw[];
  export default all;
}
declare module "emojibase-data/pt/compact.json" {
  const all: readonly import("./find").Raw[];
  export default all;
}
declare module "emojibase-data/en/shortcodes/iamcal.json" {
  const codes: Readonly<Record<string, string | readonly string[]>>;
  export default codes;
}
