import { beforeEach, describe, expect, test } from "vitest";
import { createEnterSends, type KeyLike } from "./enter-sends.ts";

const IME = 229;

describe("Enter", () => {
  let sent: number;
  let prevented: number;
  let waiting: (() => void)[];
  let enter: ReturnType<typeof createEnterSends>;

  beforeEach(() => {
    sent = 0;
    prevented = 0;
    waiting = [];
    enter = createEnterSends(
      () => {
        sent += 1;
      },
      (run) => waiting.push(run),
    );
  });

  const preventDefault = () => {
    prevented += 1;
  };
  const press = (over: Partial<KeyLike> = {}) =>
    enter.keydown({
      key: "Enter",
      code: "Enter",
      keyCode: 13,
      shiftKey: false,
      isComposing: false,
      preventDefault,
      ...over,
    });
  const lineBreak = () => enter.beforeInput({ inputType: "insertLineBreak", preventDefault });
  /** Runs the functions deferred until after the key press. */
  const afterwards = () => {
    for (const run of waiting.splice(0)) run();
  };

  test("sends, and adds no line", () => {
    press();
    afterwards();
    expect({ sent, prevented }).toEqual({ sent: 1, prevented: 1 });
  });

  test("with shift adds a line instead", () => {
    press({ shiftKey: true });
    lineBreak();
    afterwards();
    expect({ sent, prevented }).toEqual({ sent: 0, prevented: 0 });
  });

  test("ends a Hangul syllable and sends once: Chrome on macOS", () => {
    enter.compositionStart();
    press({ keyCode: IME, isComposing: true });
    expect(sent).toBe(0);
    enter.compositionEnd({ data: "요" });
    lineBreak();
    afterwards();
    expect({ sent, prevented }).toEqual({ sent: 1, prevented: 1 });
  });

  test("ends a Hangul syllable and sends once: Chrome on Windows, which repeats the key", () => {
    enter.compositionStart();
    press({ key: "Process", keyCode: IME, isComposing: true });
    enter.compositionEnd({ data: "요" });
    press();
    afterwards();
    expect(sent).toBe(1);
  });

  test("ends a Hangul syllable and sends once: no event after the composition", () => {
    enter.compositionStart();
    press({ keyCode: IME, isComposing: true });
    enter.compositionEnd({ data: "요" });
    afterwards();
    expect(sent).toBe(1);
  });

  test("ends a Hangul syllable and sends once: Safari, where the composition ends before the key", () => {
    enter.compositionStart();
    enter.compositionEnd({ data: "요" });
    press({ keyCode: IME });
    afterwards();
    expect({ sent, prevented }).toEqual({ sent: 1, prevented: 1 });
  });

  test("only chooses a candidate in Japanese, whichever the order of events", () => {
    enter.compositionStart();
    press({ keyCode: IME, isComposing: true });
    enter.compositionEnd({ data: "日本" });
    afterwards();
    enter.compositionStart();
    enter.compositionEnd({ data: "語" });
    press({ keyCode: IME });
    afterwards();
    expect(sent).toBe(0);
    press();
    expect(sent).toBe(1);
  });

  test("does not send when the composition ends by anything but Enter", () => {
    enter.compositionStart();
    enter.compositionEnd({ data: "요" });
    afterwards();
    expect(sent).toBe(0);
  });

  test("an old composition does not make a later key of the input method send", () => {
    enter.compositionStart();
    enter.compositionEnd({ data: "요" });
    press({ key: "a", code: "KeyA", keyCode: 65 });
    press({ keyCode: IME });
    expect(sent).toBe(0);
  });

  test("sends from a soft keyboard that only announces a line break", () => {
    press({ key: "Unidentified", code: "", keyCode: IME });
    lineBreak();
    afterwards();
    expect({ sent, prevented }).toEqual({ sent: 1, prevented: 1 });
  });

  test("the button ends a composition before it sends, once", () => {
    enter.compositionStart();
    enter.endThenSend(() => enter.compositionEnd({ data: "요" }));
    expect(sent).toBe(0);
    afterwards();
    expect(sent).toBe(1);
  });
});
