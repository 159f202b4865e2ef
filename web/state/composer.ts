/** The message being written: how long it is, whether it can go, and sending it. */
import { computed, type ReadonlySignal } from "@preact/signals";
import { cleanText, graphemes, prepareText } from "../../shared/text.ts";
import type { WritingProblem } from "../words/sentences.ts";
import type { createDrafts } from "./drafts.ts";

export type ComposerDeps = {
  room: ReadonlySignal<string>;
  drafts: Pick<ReturnType<typeof createDrafts>, "of" | "keep">;
  limits: ReadonlySignal<{ messageChars: number }>;
  /** Whether the person may write and the connection can carry it. */
  mayWrite: ReadonlySignal<boolean>;
  write(text: string): void;
  /** The text is being changed. */
  writing(): void;
};

export function createComposer({ room, drafts, limits, mayWrite, write, writing }: ComposerDeps) {
  const draft = computed(() => drafts.of(room.value));
  const most = computed(() => limits.value.messageChars);
  const prepared = computed(() => prepareText(draft.value, most.value));

  const used = computed(() => graphemes(cleanText(draft.value)));
  /** Of a text that was begun: spaces alone are no fault yet. */
  const problem = computed<WritingProblem | undefined>(() => {
    if (prepared.value.ok || draft.value.trim() === "") return undefined;
    const { code } = prepared.value;
    return code === "too_long" && used.value <= most.value ? "too_big" : code;
  });

  return {
    draft,
    most,
    mayWrite,
    used,
    problem,
    canSend: computed(() => mayWrite.value && prepared.value.ok),
    change(text: string) {
      drafts.keep(room.value, text);
      if (mayWrite.value && prepared.value.ok) writing();
    },
    /** Sends the draft if sending can work now; else it stays where it is. */
    say() {
      const text = prepared.value;
      if (!text.ok || !mayWrite.value) return;
      drafts.keep(room.value, "");
      write(text.text);
    },
  };
}
