/** Notifications in this browser: whether they are on, and whether this page is the one that the person looks at. */
import { computed, effect, signal, untracked } from "@preact/signals";
import type { PushStateAnswer } from "../../shared/push-api.ts";
import type { KeptDatabase } from "../offline/kept-database.ts";
import { PUSH_OWNER } from "../offline/notices.ts";
import type { PushBrowser } from "../page/push-manager.ts";
import type { App } from "./app.ts";

const PUSH = "/api/me/push";
const IGNORED_MAX = 50;

/** `unable`: this browser, or this cluster, has none. `denied`: the person has forbidden them in the browser. */
export type NotificationState = "unknown" | "unable" | "denied" | "off" | "on" | "failed";

type Deps = Pick<App, "session" | "connection" | "ignored" | "platform"> & {
  browser: PushBrowser;
  database: Pick<KeptDatabase, "put" | "remove">;
};

export function createNotifications({ session, connection, ignored, platform, browser, database }: Deps) {
  const { api, view, send } = platform;
  const state = signal<NotificationState>(browser.isAble ? "unknown" : "unable");
  const hidesText = signal(false);
  const isFront = () => view.document.visibilityState === "visible" && view.document.hasFocus();
  let key: string | undefined;
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
    untracked(() => void renew());
  });

  return {
    state: computed(() => state.value),
    hidesText: computed(() => hidesText.value),
    turnOn,
    turnOff,
    async hideText(hides: boolean): Promise<void> {
      hidesText.value = hides;
      if (!(await renew())) state.value = "failed";
    },
  };

  function tellFront() {
    if (session.user.peek() && connection.status.peek() === "live") send({ type: "front", on: isFront() });
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
    if (key === undefined) state.value = "unable";
    else if (browser.permission() === "denied") state.value = "denied";
    else state.value = on && browser.permission() === "granted" ? "on" : "off";
    if (stale) await renew();
  }

  /** Only after a click, because the browser asks the person. */
  async function turnOn(): Promise<void> {
    if (key === undefined) return;
    const permission = await browser.ask().catch(() => "default");
    if (permission === "denied") state.value = "denied";
    else state.value = permission === "granted" && (await inOrder(subscribe)) ? "on" : "failed";
  }

  /** Tells the cluster anew where they are on. @returns whether it knows. */
  async function renew(): Promise<boolean> {
    return state.peek() !== "on" || (await inOrder(subscribe));
  }

  async function subscribe(): Promise<boolean> {
    const id = session.user.peek()?.id;
    if (key === undefined || id === undefined) return false;
    try {
      const keys = await browser.subscribe(key);
      const people = ignored.people.peek().slice(-IGNORED_MAX);
      const more = { hideText: hidesText.peek(), ignored: people.map((each) => each.id) };
      const answer = await api.asUser<undefined>("PUT", PUSH, { ...keys, ...more });
      if (answer.ok) await database.put(PUSH_OWNER, id);
      return answer.ok;
    } catch {
      return false;
    }
  }

  /** One of the two is enough: without a subscription in the browser, the cluster's leads nowhere. */
  async function turnOff(): Promise<void> {
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
