/** Raid mode, as moderators see and switch it. */
import { computed, signal } from "@preact/signals";
import type { RaidAnswer } from "../../shared/moderation-answers.ts";
import type { Answer } from "../sync/api.ts";
import type { ModerationApi } from "../sync/moderation-api.ts";
import type { Notification } from "./toasts.ts";

/** The ages, in minutes, below which accounts can be kept from writing. */
export const RAID_MINUTES = [10, 60, 1_440] as const;

export function createRaid(
  api: Pick<ModerationApi, "raid" | "beginRaid" | "endRaid">,
  notify: (notification: Notification) => void,
) {
  const current = signal<Required<RaidAnswer>["raid"] | "off" | undefined>(undefined);

  return {
    /** Undefined until it is known; `off`. */
    current: computed(() => current.value),
    load,
    begin: (minutes: number) => change(api.beginRaid(minutes)),
    end: () => change(api.endRaid()),
  };

  async function load(): Promise<void> {
    const answer = await api.raid();
    if (answer.ok) current.value = answer.value.raid ?? "off";
  }

  async function change(asked: Promise<Answer<undefined>>): Promise<void> {
    const answer = await asked;
    if (!answer.ok) notify({ about: "problem", code: answer.problem.code });
    await load();
  }
}
