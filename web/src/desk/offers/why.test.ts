import { expect, test } from "vitest";
import en from "../../i18n/desk/en";
import es from "../../i18n/desk/es";
import pt from "../../i18n/desk/pt";
import { interaction } from "../../testing/entities";
import { why } from "./why";

test("a decision is said in each language", () => {
  const offer = interaction({
    decision: { code: "longest_idle", values: { load: 1, capacity: 4, free: 3 } },
  });
  expect(why(offer, es.why)).toBe("lleva más tiempo libre, entre 3 personas, 1 de 4 en curso");
  expect(why(offer, en.why)).toBe("has been free longest of 3, 1 of 4 in hand");
  expect(why(offer, pt.why)).toBe("está livre há mais tempo, entre 3 pessoas, 1 de 4 em andamento");
});

test("an offer made again says so", () => {
  const offer = interaction({
    decision: { code: "only_free", values: { load: 0, capacity: 2, free: 1, asked_before: true } },
  });
  expect(why(offer, en.why)).toBe(
    "nobody else is free, 0 of 2 in hand, offered again since nobody else can now",
  );
});

test("work that was taken by hand has no numbers to say", () => {
  expect(why(interaction({ decision: { code: "taken", values: {} } }), es.why)).toBe(es.why.taken);
});

test.each([{}, { code: "skill", values: { load: 1 } }, { code: "toString" }])(
  "a decision this desk does not know is shown as it was stored: %o",
  (decision) => {
    expect(why(interaction({ reason: "knows warranties", decision }), es.why)).toBe("knows warranties");
  },
);
