/** Where the words are that the first screen does not need; a list of its own, fetched with the first of them. */
export const others = import.meta.glob<{ default: unknown }>([
  "./*/es.ts",
  "./*/en.ts",
  "./*/pt.ts",
  "!./{common,access,desk}/*.ts",
]);
