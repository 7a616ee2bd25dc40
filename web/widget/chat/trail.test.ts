import { beforeEach, expect, test } from "vitest";
import type { Step } from "../types";
import { openStorage } from "./storage";
import { Trail } from "./trail";

const step = (id: string): Step => ({ id, kind: "search", at: "2026-11-26T09:00:00Z", text: id });
let shared: string[] = [];
let unshared = 0;
const ways = {
  share: (steps: readonly Step[]) => {
    shared.push(...steps.map(({ id }) => id));
    return Promise.resolve();
  },
  unshare: () => {
    unshared += 1;
    return Promise.resolve();
  },
};
const opened = () => new Trail(openStorage("account", localStorage), ways, sessionStorage);
const did = (...ids: string[]) => {
  sessionStorage.setItem("trato-trail", JSON.stringify(ids.map(step)));
};

beforeEach(() => {
  localStorage.clear();
  sessionStorage.clear();
  shared = [];
  unshared = 0;
});

test("who did nothing alone is not asked", () => {
  expect(opened().asks).toBe(false);
});

test("nothing leaves the tab before the answer, nor after a no, and it is asked once", async () => {
  did("a");
  const trail = opened();
  expect(trail.asks).toBe(true);
  await trail.tell();
  await trail.agree(false);
  did("a", "b");
  await trail.tell();
  expect(shared).toEqual([]);
  expect(unshared).toBe(0);
  expect(opened().asks).toBe(false);
});

test("after a yes each step is shared once, on the next page too", async () => {
  did("a", "b");
  await opened().agree(true);
  did("a", "b", "c");
  await opened().tell();
  await opened().tell();
  expect(shared).toEqual(["a", "b", "c"]);
});

test("what could not be sent is sent the next time", async () => {
  did("a");
  const trail = new Trail(openStorage("account", localStorage), {
    ...ways,
    share: () => Promise.reject(new Error("no network")),
  });
  await expect(trail.agree(true)).rejects.toThrow("no network");
  await opened().tell();
  expect(shared).toEqual(["a"]);
});

test("a yes that is taken back takes back what was shared", async () => {
  did("a");
  await opened().agree(true);
  await opened().agree(false);
  expect(unshared).toBe(1);
});

test("what stands in the tab and is not ours is nothing", () => {
  for (const wrong of ["{", '"x"', "[1, null]", '[{"id": 5}]']) {
    sessionStorage.setItem("trato-trail", wrong);
    expect(opened().steps).toEqual([]);
  }
});
