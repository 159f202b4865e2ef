/** Short notifications that disappear automatically. A message that needs an action belongs elsewhere. */
import { computed, signal } from "@preact/signals";
import type { FrameCode } from "../../shared/codes.ts";
import type { ApiProblem } from "../sync/api.ts";
import type { Clock } from "../sync/clock.ts";

export type Notification =
  | { about: "refused"; code: FrameCode }
  | { about: "problem"; code: ApiProblem["code"] }
  | { about: "ignored"; nickname: string }
  | { about: "room-deleted" | "out-of-room"; title: string }
  | { about: PlainNotification };
/** Notifications without parameters. */
export type PlainNotification =
  | "spam-warning"
  | "readmitted"
  | "copied"
  | "not-copied"
  | "saved"
  | "done"
  | "password-changed"
  | "reported"
  | "page-failed";
export type Toast = { id: number; notification: Notification };

const SHOWN_MS = 6_000;
const MAX_SHOWN = 3;

export type Toasts = ReturnType<typeof createToasts>;

export function createToasts(clock: Clock) {
  const toasts = signal<readonly Toast[]>([]);
  let lastId = 0;

  return { toasts: computed(() => toasts.value), show, dismiss, clear };

  function show(notification: Notification) {
    lastId += 1;
    const id = lastId;
    const others = toasts.value.filter(
      (toast) => JSON.stringify(toast.notification) !== JSON.stringify(notification),
    );
    toasts.value = [...others, { id, notification }].slice(-MAX_SHOWN);
    clock.after(SHOWN_MS, () => dismiss(id));
  }

  /** Call when the user of the page changes. */
  function clear() {
    toasts.value = [];
  }

  function dismiss(id: number) {
    toasts.value = toasts.value.filter((toast) => toast.id !== id);
  }
}
