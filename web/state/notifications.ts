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

  return {
    state: computed(() => state.value),
    hidesText: computed(() => hidesText.value),
    turnOn,
    turnOff,
    hideText(hides: boolean) {
      hidesText.value = hides;
      if (state.peek() === "on") void turnOn();
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
    key = answer.value.key;
    if (key === undefined) state.value = "unable";
    else if (browser.permission() === "denied") state.value = "denied";
    else state.value = answer.value.on && browser.permission() === "granted" ? "on" : "off";
  }

  /** Only after a click, because the browser asks the person. */
  async function turnOn(): Promise<void> {
    const id = session.user.peek()?.id;
    if (key === undefined || id === undefined) return;
    try {
      if ((await browser.ask()) !== "granted") {
        state.value = "denied";
        return;
      }
      const people = ignored.people.peek().slice(-IGNORED_MAX);
      const more = { hideText: hidesText.peek(), ignored: people.map((each) => each.id) };
      const answer = await api.asUser<undefined>("PUT", PUSH, {
        ...(await browser.subscribe(key)),
        ...more,
      });
      if (answer.ok) await database.put(PUSH_OWNER, id);
      state.value = answer.ok ? "on" : "failed";
    } catch {
      state.value = "failed";
    }
  }

  async function turnOff(): Promise<void> {
    await api.asUser<undefined>("DELETE", PUSH);
    await browser.unsubscribe().catch(() => undefined);
    state.value = "off";
  }
}
