import { signal } from "@preact/signals";
import { expect, test } from "vitest";
import type { PushStateAnswer } from "../../shared/push-api.ts";
import { until } from "../../shared/until.ts";
import { createNotifications } from "./notifications.ts";

type Deps = Parameters<typeof createNotifications>[0];
const ANSWER: PushStateAnswer = { key: "k1", on: true, front: true };

/** A page of somebody whose browser has granted notifications. */
function openCase(answer: Partial<PushStateAnswer> = {}) {
  const asked: { method: string; body: unknown }[] = [];
  const fails = { api: false, browser: false };
  const people = signal<{ id: string; nickname: string }[]>([]);
  const keys: string[] = [];
  const asUser = async (method: string, _: string, body?: object) => {
    asked.push({ method, body });
    if (method === "GET") return { ok: true, value: { ...ANSWER, ...answer } };
    return fails.api ? { ok: false, problem: { code: "unreachable" } } : { ok: true, value: undefined };
  };
  const nothing = () => undefined;
  const notifications = createNotifications({
    session: { user: signal({ id: "ana" }), state: signal({ at: "in" }) },
    connection: { socket: signal(undefined), status: signal("live") },
    ignored: { people },
    platform: {
      api: { asUser },
      send: nothing,
      view: { addEventListener: nothing, document: { addEventListener: nothing } },
    },
    browser: {
      isAble: true,
      permission: () => "granted",
      ask: async () => "granted",
      async subscribe(key: string) {
        keys.push(key);
        return { endpoint: "e", p256dh: "p", auth: "a" };
      },
      async unsubscribe() {
        if (fails.browser) throw new Error("no network");
        return true;
      },
      opened: nothing,
    },
    database: { put: async () => undefined, remove: async () => undefined },
  } as unknown as Deps);
  const puts = () => asked.filter(({ method }) => method === "PUT").map(({ body }) => body);
  return { notifications, fails, people, keys, puts };
}

test("texts stay hidden after a reload, whatever the page tells the cluster next", async () => {
  const { notifications, people, puts } = openCase({ hideText: true });
  await until("the answer", () => notifications.state.value === "on");
  expect(notifications.hidesText.value).toBe(true);
  expect(puts()).toEqual([]);
  people.value = [{ id: "ben", nickname: "Ben" }];
  await until("the cluster knows", () => puts().length === 1);
  expect(puts()).toEqual([expect.objectContaining({ hideText: true, ignored: ["ben"] })]);
});

test("a browser that subscribed with another key subscribes again by itself", async () => {
  const { notifications, keys, puts } = openCase({ key: "k2", stale: true, hideText: true });
  await until("the new one", () => puts().length === 1);
  expect(keys).toEqual(["k2"]);
  expect(puts()).toEqual([expect.objectContaining({ hideText: true })]);
  expect(notifications.state.value).toBe("on");
});

test("nobody is told that they are off while both the cluster and the browser still have them", async () => {
  for (const [api, browser, state] of [
    [true, true, "failed"],
    [true, false, "off"],
    [false, true, "off"],
  ] as const) {
    const { notifications, fails } = openCase();
    await until("the answer", () => notifications.state.value === "on");
    Object.assign(fails, { api, browser });
    await notifications.turnOff();
    expect(notifications.state.value).toBe(state);
  }
});

test("the last of several choices holds, and one that the cluster did not take is said", async () => {
  const { notifications, fails, puts } = openCase();
  await until("the answer", () => notifications.state.value === "on");
  await Promise.all([notifications.hideText(true), notifications.hideText(false)]);
  expect(puts().at(-1)).toMatchObject({ hideText: false });
  fails.api = true;
  await notifications.hideText(true);
  expect(notifications.state.value).toBe("failed");
});
