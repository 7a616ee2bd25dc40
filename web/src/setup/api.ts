/** All that is set up, as one file: taken out, looked at, brought in. */
import { address, post } from "../api/client";
import type { components } from "../api/schema";

export type Plan = components["schemas"]["PlanView"];
export type Change = components["schemas"]["ChangeView"];
export type FieldChange = components["schemas"]["FieldChangeView"];

export const settings = {
  fileAddress: (): string => address("/settings"),
  look: (text: string, remove: boolean) =>
    post<Plan>("/settings/import", { text, remove, dry_run: true }),
  /** Does what was seen; refused when something else would happen by now. */
  bringIn: (text: string, remove: boolean, seen: string) =>
    post<Plan>("/settings/import", { text, remove, dry_run: false, expected: seen }),
};
