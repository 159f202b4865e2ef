import { signal } from "@preact/signals";
import { expect, test } from "vitest";
import type { PushStateAnswer } from "../../shared/push-api.ts";
import { until } from "../../shared/until.ts";
import { createFakeClock } from "../sync/clock.fake.ts";
import { createNotifications } from "./notifications.ts";

type Deps = Parameters<typeof createNotifications>[0];
const ANSWER: PushStateAnswer = { key: "k1", on: true, front: true };

/** A page of somebody whose browser has granted notifications. */
function openCase(answer: Partial<PushStateAnswer> = {}) {
  const asked: { method: string; body: unknown }[] = [];
  const fails = { api: false, browser: false, service: "" };
  const people = signal<{ id: string; nickname: string }[]>([]);
  const keys: string[] = [];
  const asUser = async (method: string, _: string, body?: object) => {
    asked.push({ method, body });
    if (method === "GET") return { ok: true, value: { ...ANSWER, ...answer } };
    return fails.api ? { ok: false, problem: { code: "unreachable" } } : { ok: true, value: undefined };
  };
  const nothing = () => undefined;
  const clock = createFakeClock();
  const language = signal("ko");
  const kept = new Map<string, unknown>();
  const notifications = createNotifications({
    session: { user: signal({ id: "ana" }), state: signal({ at: "in" }) },
    connection: { socket: signal(undefined), status: signal("live") },
    ignored: { people },
    language: { language },
    platform: {
      api: { asUser },
      clock,
      send: nothing,
      view: { addEventListener: nothing, document: { addEventListener: nothing } },
    },
    browser: {
      isAble: true,
      canPush: true,
      permission: () => "granted",
      ask: async () => "granted",
      async subscribe(key: string) {
        if (fails.service === "loud") throw new Error("no push service");
        if (fails.service === "silent") await new Promise(nothing);
        keys.push(key);
        return { endpoint: "e", p256dh: "p", auth: "a" };
      },
      async unsubscribe() {
        if (fails.browser) throw new Error("no network");
        return true;
      },
      opened: nothing,
    },
    database: {
      get: async ([name = ""]) => kept.get(name),
      put: async ([name = ""]: readonly string[], value: unknown) => kept.set(name, value),
      remove: async ([name = ""]) => kept.delete(name),
    },
  } as unknown as Deps);
  const puts = () => asked.filter(({ method }) => method === "PUT").map(({ body }) => body);
  return { notifications, clock, fails, people, language, keys, puts };
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

test("where the browser gets no subscription, or no answer, open pages notify alone; turning off ends that too", async () => {
  for (const service of ["loud", "silent"]) {
    const { notifications, clock, fails } = openCase({ on: false });
    await until("the answer", () => notifications.state.value === "off");
    fails.service = service;
    const turning = notifications.turnOn();
    for (let i = 0; i < 10; i++) await Promise.resolve();
    clock.advance(10_000);
    await turning;
    expect([notifications.state.value, notifications.isOn()]).toEqual(["page", true]);
    await notifications.turnOff();
    expect([notifications.state.value, notifications.isOn()]).toEqual(["off", false]);
  }
});

test("another language of the page is that of the notifications from then on", async () => {
  const { notifications, language, puts } = openCase();
  await until("the answer", () => notifications.state.value === "on");
  language.value = "en";
  await until("the cluster knows", () => puts().length === 1);
  expect(puts()).toEqual([expect.objectContaining({ language: "en" })]);
});
