/** What is kept, edited and sent of a look are the same thing. */
import { expect, test } from "vitest";
import type { Look } from "../../api/looks";
import { changeOf, dataOf, draftOf, faultOf, wornOf } from "./draft";

const look: Look = {
  brand_id: "1",
  brand_name: "Acme",
  accent: "#0b6e6e",
  accent_dark: null,
  theme: "auto",
  side: "end",
  corners: "soft",
  font: "ours",
  labels: { es: "Ayuda" },
  greetings: {},
  phone: "",
  email: "",
  logo_url: "/look/logos/0.png",
  version: 3,
};

test("what nobody touched is sent as it was, without the picture", () => {
  const change = changeOf(draftOf(look), look);
  expect(change).toEqual(expect.objectContaining({ accent: "#0b6e6e", accent_dark: null, labels: { es: "Ayuda" } }));
  expect("logo" in change).toBe(false);
});

test("a picture is sent when another was chosen, or none", () => {
  expect(changeOf({ ...draftOf(look), logo: dataOf("AAAA") }, look).logo).toBe("AAAA");
  expect(changeOf({ ...draftOf(look), logo: null }, look).logo).toBeNull();
});

test("the preview wears what can be read, and half a colour is none", () => {
  expect(wornOf({ ...draftOf(look), accent: "#ffd54f" }).accent).toEqual(["#866b01", "#ffd54f"]);
  expect(wornOf({ ...draftOf(look), accent: "#ffd" }).accent?.[0]).not.toBe("#ffd");
  expect(wornOf({ ...draftOf(look), accent: "#ff", accentDark: "" }).accent).toBeNull();
});

test("what is wrong with a colour", () => {
  expect([faultOf("", "light"), faultOf("azul", "light"), faultOf("#ffd54f", "light"), faultOf("#ffd54f", "dark")]).toEqual([
    "none",
    "odd",
    "faint",
    "none",
  ]);
});
