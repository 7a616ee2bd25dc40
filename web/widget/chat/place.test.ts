import { describe, expect, it } from "vitest";
import type { Context } from "../types";
import { Problem } from "./api";
import { Place } from "./place";

const PRODUCT = { product: { name: "Heladera" } };

describe("where the visitor is", () => {
  it("is told once, again when it changed, and to whoever comes next", async () => {
    const told: Context[] = [];
    const place = new Place((context) => Promise.resolve(void told.push(context)), () => "https://tienda.example/p");
    await place.tell();
    place.put(PRODUCT);
    expect(place.thing).toBe("Heladera");
    await place.tell();
    await place.tell();
    place.put({ step: "checkout" }, true);
    await place.tell();
    place.forget();
    await place.tell();
    expect(told).toEqual([PRODUCT, { step: "checkout" }, { step: "checkout" }]);
  });

  it("is told later when it cannot be told now", async () => {
    let away = true;
    const told: Context[] = [];
    const place = new Place(
      (context) => (away ? Promise.reject(new Problem(0, "unreachable", "")) : Promise.resolve(void told.push(context))),
      () => "https://tienda.example/p",
    );
    place.put(PRODUCT);
    await place.tell();
    away = false;
    await place.tell();
    expect(told).toEqual([PRODUCT]);
  });
});
