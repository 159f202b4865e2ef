/** Short remarks that go away by themselves. What a person must act on belongs elsewhere. */
import { computed, signal } from "@preact/signals";
import type { FrameCode } from "../../shared/codes.ts";
import type { ApiProblem } from "../sync/api.ts";
import type { Clock } from "../sync/clock.ts";

export type Remark =
  | { about: "refused"; code: FrameCode }
  | { about: "problem"; code: ApiProblem["code"] }
  | { about: "ignored"; nickname: string }
  | { about: "room-deleted"; title: string }
  | { about: PlainRemark };
/** Those that need no more than their sentence. */
export type PlainRemark =
  | "spam-warning"
  | "readmitted"
  | "copied"
  | "not-copied"
  | "saved"
  | "done"
  | "password-changed"
  | "reported"
  | "page-failed";
export type Toast = { id: number; remark: Remark };

const SHOWN_MS = 6_000;
const MOST = 3;

export type Toasts = ReturnType<typeof createToasts>;

export function createToasts(clock: Clock) {
  const toasts = signal<readonly Toast[]>([]);
  let lastId = 0;

  return { toasts: computed(() => toasts.value), show, dismiss, clear };

  function show(remark: Remark) {
    lastId += 1;
    const id = lastId;
    const others = toasts.value.filter((toast) => JSON.stringify(toast.remark) !== JSON.stringify(remark));
    toasts.value = [...others, { id, remark }].slice(-MOST);
    clock.after(SHOWN_MS, () => dismiss(id));
  }

  /** Another user looks. */
  function clear() {
    toasts.value = [];
  }

  function dismiss(id: number) {
    toasts.value = toasts.value.filter((toast) => toast.id !== id);
  }
}
