import { useState } from "preact/hooks";
import type { Mention } from "../../../shared/server-frames.ts";
import { useWords } from "../app-context.ts";
import { Slot } from "../slot.tsx";
import type { createLongPress } from "./long-press.ts";

/** A message of a few emoji is shown large. */
const EMOJI_ONLY = /^(?:\p{RGI_Emoji} ?){1,6}$/v;
/** A taller message is folded, because one message must not push all others out of the window. */
const LINES_SHOWN = 8;
/** About as many characters as these lines have on a phone. */
const CHARS_SHOWN = 300;
const LINE_BREAK = /\r\n|[\n\r\u2028\u2029]/;

type Props = {
  said: { text: string | undefined; mentions?: Mention[] | undefined };
  press: ReturnType<typeof createLongPress>;
};

/** The text of one message; undefined: it was deleted. */
export function Bubble({ said: { text, mentions }, press }: Props) {
  const words = useWords();
  const [open, setOpen] = useState(false);
  if (text === undefined) return <p class="bubble deleted">{words.deleted}</p>;
  const body =
    mentions || text.includes("://") ? (
      <Slot part="MentioningText" with={{ text, mentions: mentions ?? [] }} fallback={text} />
    ) : (
      text
    );
  if (text.split(LINE_BREAK).length <= LINES_SHOWN && [...text].length <= CHARS_SHOWN) {
    return (
      <p class={EMOJI_ONLY.test(text) ? "bubble emoji" : "bubble"} dir="auto" {...press}>
        {body}
      </p>
    );
  }
  return (
    <p class="bubble" dir="auto" {...press}>
      <span class={open ? "" : "folded"}>{body}</span>
      <button
        class="fold"
        type="button"
        tabIndex={-1}
        aria-expanded={open}
        onClick={() => setOpen((wasOpen) => !wasOpen)}
      >
        {open ? words.showLess : words.showAll}
      </button>
    </p>
  );
}
