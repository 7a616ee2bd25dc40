/** The fields of the installation's own, which every conversation shows. Call while a component is set up. */
import { following } from "../live/following.svelte";
import { once } from "../live/once.svelte";
import type { Fetched } from "../ui/fetched.svelte";
import { fields as api, type Field } from "./api";

const KEEP_MS = 60_000;

export function followAll(): Fetched<Field[]> {
  return once("fields", () => following(api.all, "field.changed"), KEEP_MS);
}
