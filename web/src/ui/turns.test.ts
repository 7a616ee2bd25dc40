import { expect, test } from "vitest";
import { inTurn } from "./turns";

test("each begins when the one before has ended, and what fails holds up no other", async () => {
  const [turn, said]: [ReturnType<typeof inTurn>, string[]] = [inTurn(), []];
  let end = (): void => undefined;
  const first = turn(async () => {
    said.push("first begins");
    await new Promise<void>((resolve) => (end = resolve));
    said.push("first ends");
    throw new Error("refused");
  });
  const second = turn(() => Promise.resolve(said.push("second")));
  await new Promise((resolve) => setTimeout(resolve));
  expect(said).toEqual(["first begins"]);
  end();
  await expect(first).rejects.toThrow("refused");
  expect(await second).toBe(3);
  expect(said).toEqual(["first begins", "first ends", "second"]);
});
