import { expect, test } from "vitest";
import es from "../i18n/common/es";
import { Edited } from "./edited";
import { explain, Problem } from "./problem";

const refusal = (version: number, by: string | null): Problem =>
  new Problem(409, { type: "changed-meanwhile", detail: "d", version, changed_by: by });

test("a second save goes over what another person wrote, never the first", async () => {
  const edited = new Edited(3);
  const sent: (number | undefined)[] = [];
  let server = 5;
  const send = (version: number | undefined): Promise<{ version: number }> => {
    sent.push(version);
    if (version !== server) return Promise.reject(refusal(server, "Ana"));
    server += 1;
    return Promise.resolve({ version: server });
  };
  await expect(edited.save(send)).rejects.toThrow(Problem);
  await edited.save(send);
  await edited.save(send);
  expect(sent).toEqual([3, 5, 6]);
});

test("another refusal leaves the version as it was", async () => {
  const edited = new Edited(3);
  const fail = (): Promise<{ version: number }> => Promise.reject(new Problem(422));
  await expect(edited.save(fail)).rejects.toThrow(Problem);
  expect(
    await edited.save((version) => Promise.resolve({ version: (version ?? 0) + 1 })),
  ).toEqual({ version: 4 });
});

test("it is said who changed it, when that is known", () => {
  expect(explain(refusal(5, "Ana"), es)).toContain("Ana");
  expect(explain(refusal(5, null), es)).not.toContain("null");
});
