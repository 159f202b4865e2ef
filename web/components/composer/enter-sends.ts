/**
 * Decides when Enter means "send" if an input method is active. Browsers disagree about the order of events:
 *
 * - Chrome and Firefox: keydown (composing) → compositionend → on Windows one more keydown, on macOS a line break
 * - Safari: compositionend → keydown with keyCode 229
 * - soft keyboards: often no usable keydown, only a line break about to be inserted
 *
 * Hangul has no candidate window, so its one Enter both ends the syllable and sends. In Japanese or Chinese Enter only
 * chooses a candidate, and nothing may be sent before the next one. A send waits for the end of the composition,
 * because otherwise the last syllable would reappear in the emptied field and be sent twice.
 */

export type KeyLike = {
  key: string;
  code: string;
  keyCode: number;
  shiftKey: boolean;
  isComposing: boolean;
  preventDefault(): void;
};
export type InputLike = { inputType: string; preventDefault(): void };

const BY_INPUT_METHOD = 229;
const HANGUL_AT_END = /\p{Script=Hangul}$/u;

/** @param later runs a function after the events that belong to one key press. */
export function createEnterSends(send: () => void, later: (run: () => void) => void) {
  let composing = false;
  /** Enter was pressed while composing. */
  let pressed = false;
  /** The composition has ended, and its Enter has not been sent yet. */
  let due = false;
  let composed = "";
  let shifted = false;

  return { keydown, compositionStart, compositionEnd, beforeInput, endThenSend };

  function keydown(event: KeyLike) {
    if (!isEnter(event)) {
      if (event.keyCode !== BY_INPUT_METHOD) composed = "";
      return;
    }
    shifted = event.shiftKey;
    if (shifted) return;
    if (composing || event.isComposing) {
      pressed = true;
    } else if (event.keyCode !== BY_INPUT_METHOD || HANGUL_AT_END.test(composed)) {
      event.preventDefault();
      sendNow();
    }
  }

  function compositionStart() {
    composing = true;
    pressed = false;
    due = false;
  }

  function compositionEnd(event: { data: string }) {
    composing = false;
    composed = event.data;
    if (pressed && HANGUL_AT_END.test(composed)) sendLater();
    pressed = false;
  }

  /** A line break is about to be inserted: the effect of Enter where no usable key event came. */
  function beforeInput(event: InputLike) {
    const breaksLine = event.inputType === "insertLineBreak" || event.inputType === "insertParagraph";
    if (!breaksLine || shifted) return;
    event.preventDefault();
    if (composing) pressed = true;
    else sendNow();
  }

  /** The send button was used. @param end ends a composition that is under way. */
  function endThenSend(end: () => void) {
    if (composing) end();
    sendLater();
  }

  function sendLater() {
    due = true;
    later(() => due && sendNow());
  }

  function sendNow() {
    due = false;
    composed = "";
    send();
  }
}

const isEnter = ({ key, code }: KeyLike) => key === "Enter" || code === "Enter" || code === "NumpadEnter";
