/** The tone of skin that a person prefers, and the emoji that they picked last. Both are of the person, in this browser. */
import { computed } from "@preact/signals";
import type { ValueOf } from "../sync/stored-values.ts";
import type { Kept } from "./kept.ts";

const MAX_RECENT = 32;

export type EmojiChoices = ReturnType<typeof createEmojiChoices>;

export function createEmojiChoices(kept: Kept) {
  const stored = { tone: kept.of("emojiTone"), recent: kept.of("emojiRecent") };
  return {
    /** 0: without a tone. */
    tone: computed(() => Number(stored.tone.value ?? 0)),
    recent: computed(() => (stored.recent.value ?? []).map(({ emoji }) => emoji)),
    chooseTone(tone: number) {
      kept.change("emojiTone", () => String(tone) as ValueOf<"emojiTone">);
    },
    /** Puts an emoji before all others that were picked. */
    picked(emoji: string) {
      kept.change("emojiRecent", (now = []) =>
        [{ emoji }, ...now.filter((each) => each.emoji !== emoji)].slice(0, MAX_RECENT),
      );
    },
  };
}
