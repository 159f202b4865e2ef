/** Notifications in this browser: whether they are on, and whether this page is the one that the person looks at. */
import { computed, effect, signal, untracked } from "@preact/signals";
import type { PushStateAnswer } from "../../shared/push-api.ts";
import type { KeptDatabase } from "../offline/kept-database.ts";
import { PUSH_OWNER } from "../offline/notices.ts";
import { isInFront } from "../page/in-front.ts";
import type { PushBrowser } from "../page/push-manager.ts";
import type { App } from "./app.ts";

const PUSH = "/api/me/push";
const IGNORED_MAX = 50;
const SUBSCRIBE_MS = 8_000;

/** The user who wants them from open pages alone, a user's id. */
const PAGE_OWNER = ["page-owner"] as const;

/**
 * `unable`: this browser has none. `denied`: the person has forbidden them in the browser. `page`: they come from open pages alone, because
 * this browser, or this cluster, has no push.
 */
export type NotificationState = "unknown" | "unable" | "denied" | "off" | "on" | "page" | "failed";

type Deps = Pick<App, "session" | "connection" | "ignored" | "language" | "platform"> & {
  browser: Pick<PushBrowser, "isAble" | "canPush" | "permission" | "ask" | "subscribe" | "unsubscribe">;
  database: Pick<KeptDatabase, "get" | "put" | "remove">;
};

export function createNotifications(deps: Deps) {
  const { session, connection, ignored, language, platform, browser, database } = deps;
  const { api, clock, view, send } = platform;
  const state = signal<NotificationState>(browser.isAble ? "unknown" : "unable");
  const hidesText = signal(false);
  let key: string | undefined;
  /** Whether the browser's push service gave a subscription when it was last asked. */
  let canSubscribe = false;
  /** One change after the other, so that the last one holds. */
  let changes = Promise.resolve();
  let owner = session.user.peek()?.id;

  effect(() => {
    connection.socket.value;
    untracked(tellFront);
  });
  view.document.addEventListener("visibilitychange", tellFront);
  for (const name of ["focus", "blur"]) view.addEventListener(name, tellFront);
  effect(() => {
    const id = session.user.value?.id;
    const isKnown = session.state.value.at !== "unknown";
    untracked(() => isKnown && userIs(id));
  });
  effect(() => {
    ignored.people.value;
    language.language.value;
    untracked(() => void renew());
  });

  return {
    state: computed(() => state.value),
    hidesText: computed(() => hidesText.value),
    /** Whether an open page may notify. */
    isOn: (): boolean => state.peek() === "on" || state.peek() === "page",
    turnOn,
    turnOff,
    async hideText(hides: boolean): Promise<void> {
      hidesText.value = hides;
      if (!(await renew())) state.value = "failed";
    },
  };

  function tellFront() {
    if (session.user.peek() && connection.status.peek() === "live")
      send({ type: "front", on: isInFront(view) });
  }

  function userIs(id: string | undefined) {
    if (owner !== undefined && id !== owner) {
      void database.remove(PUSH_OWNER);
      if (browser.isAble) void browser.unsubscribe().catch(() => undefined);
    }
    owner = id;
    if (browser.isAble && id !== undefined) void look();
  }

  async function look(): Promise<void> {
    const answer = await api.asUser<PushStateAnswer>("GET", PUSH);
    if (!answer.ok) return;
    const { on, hideText = false, stale = false } = answer.value;
    key = answer.value.key;
    hidesText.value = hideText;
    const isPage = (await database.get(PAGE_OWNER)) === session.user.peek()?.id;
    const permission = browser.permission();
    if (permission === "denied") state.value = "denied";
    else if (permission !== "granted") state.value = "off";
    else state.value = on ? "on" : isPage ? "page" : "off";
    if (stale) await renew();
  }

  /** Only after a click, because the browser asks the person. */
  async function turnOn(): Promise<void> {
    const permission = await browser.ask().catch(() => "default");
    if (permission !== "granted") {
      state.value = permission === "denied" ? "denied" : "off";
      return;
    }
    state.value = (await inOrder(subscribe)) ? "on" : "failed";
    if (!canSubscribe) state.value = "page";
    if (state.peek() === "page") await database.put(PAGE_OWNER, session.user.peek()?.id);
    else await database.remove(PAGE_OWNER);
  }

  /** Tells the cluster anew where they are on. @returns whether it knows. */
  async function renew(): Promise<boolean> {
    return state.peek() !== "on" || (await inOrder(subscribe));
  }

  async function subscribe(): Promise<boolean> {
    const id = session.user.peek()?.id;
    if (id === undefined) return false;
    const keys = key !== undefined && browser.canPush ? await keysOf(key) : undefined;
    canSubscribe = keys !== undefined;
    if (!keys) return false;
    try {
      const people = ignored.people.peek().slice(-IGNORED_MAX);
      const more = {
        hideText: hidesText.peek(),
        ignored: people.map((each) => each.id),
        language: language.language.peek(),
      };
      const answer = await api.asUser<undefined>("PUT", PUSH, { ...keys, ...more });
      if (answer.ok) await database.put(PUSH_OWNER, id);
      return answer.ok;
    } catch {
      return false;
    }
  }

  /** Without an answer of its push service a browser says nothing for a long time. */
  function keysOf(its: string) {
    const late = new Promise<undefined>((resolve) => {
      clock.after(SUBSCRIBE_MS, () => resolve(undefined));
    });
    return Promise.race([browser.subscribe(its).catch(() => undefined), late]);
  }

  /** One of the two is enough: without a subscription in the browser, the cluster's leads nowhere. */
  async function turnOff(): Promise<void> {
    await database.remove(PAGE_OWNER);
    const isOver = await inOrder(async () => {
      const answer = await api.asUser<undefined>("DELETE", PUSH);
      const isUnsubscribed = await browser.unsubscribe().catch(() => false);
      return answer.ok || isUnsubscribed;
    });
    state.value = isOver ? "off" : "failed";
  }

  function inOrder(change: () => Promise<boolean>): Promise<boolean> {
    const done = changes.then(change);
    changes = done.then(() => undefined);
    return done;
  }
}
