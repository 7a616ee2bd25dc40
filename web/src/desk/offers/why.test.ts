import { expect, test } from "vitest";
import type { Reason } from "../../api/shapes";
import en from "../../i18n/desk/en";
import es from "../../i18n/desk/es";
import pt from "../../i18n/desk/pt";
import { interaction } from "../../testing/entities";
import { why } from "./why";

const decided = (...reasons: Reason[]) => interaction({ decision: { reasons } });
const busy: Reason = { code: "busy", values: { load: 1, capacity: 4 } };

test("a decision is said in each language", () => {
  const offer = decided(
    { code: "knows", values: { skill: "garantías", level: 5 } },
    { code: "spoke_last", values: { days: 1 } },
    busy,
  );
  expect(why(offer, es.why)).toBe("sabe de garantías (5), atendió este caso ayer, 1 de 4 en curso");
  expect(why(offer, en.why)).toBe("knows garantías (5), handled this case yesterday, 1 of 4 in hand");
  expect(why(offer, pt.why)).toBe(
    "entende de garantías (5), atendeu este caso ontem, 1 de 4 em andamento",
  );
});

test("who was chosen among others says among how many", () => {
  const offer = decided({ code: "longest_idle", values: { free: 3 } }, busy);
  expect(why(offer, es.why)).toBe("lleva más tiempo libre, entre 3 personas, 1 de 4 en curso");
});

test("a search that was widened says after how long and to whom", () => {
  const offer = decided(busy, { code: "relaxed", values: { minutes: 10, allow: "anybody" } });
  expect(why(offer, en.why)).toBe("1 of 4 in hand, after 10 min of waiting widened to anybody");
});

test("an offer made again says so", () => {
  const offer = decided({ code: "only_free", values: {} }, busy, { code: "asked_again", values: {} });
  expect(why(offer, en.why)).toBe(
    "nobody else is free, 1 of 4 in hand, offered again since nobody else can now",
  );
});

test("one who has left is to be written or called first", () => {
  const offer = interaction({ decision: { reasons: [busy], callback: "phone" } });
  expect(why(offer, es.why)).toBe("pidió que le llamemos, 1 de 4 en curso");
  const unknown = interaction({ reason: "knows warranties", decision: { callback: "email" } });
  expect(why(unknown, en.why)).toBe(`${en.why.called.email}, knows warranties`);
});

test("work that was taken by hand has no numbers to say", () => {
  expect(why(interaction({ decision: { code: "taken" } }), es.why)).toBe(es.why.taken);
});

test.each([{}, { code: "toString" }, { reasons: [{ code: "horoscope", values: {} }] }])(
  "a decision this desk does not know is shown as it was stored: %o",
  (decision) => {
    expect(why(interaction({ reason: "knows warranties", decision }), es.why)).toBe("knows warranties");
  },
);
