import fc from "fast-check";
import { expect, test } from "vitest";
import { createDeliveryCounter } from "./delivery-counter.ts";
import { composeText, dueOf, isStamped, MARK, senderOf } from "./text.ts";

/** A message as long as others, give or take some digits. */
const message = (digits: number, text: string): string =>
  `{"type":"message","room":"a","seq":${"1".repeat(digits)},"user":{"id":"01a2030c","nickname":"n"},"text":"${text}"}`;
const notice = (length: number): string => `{"type":"ack","room":"${"a".repeat(length)}"}`;

const part = fc.oneof(
  { weight: 4, arbitrary: fc.integer({ min: 1, max: 9 }).map((digits) => message(digits, "~.text")) },
  fc.nat(300).map(notice),
);

test("each message of any frames is counted once, whatever else is in them", () => {
  fc.assert(
    fc.property(fc.array(fc.array(part, { minLength: 1, maxLength: 20 }), { maxLength: 20 }), (payloads) => {
      let marks = 0;
      const count = createDeliveryCounter(MARK, () => marks++);
      let expected = 0;
      const usual = Array.from({ length: 9 }, (_, digits) => message(digits + 1, "~.text"));
      const learned = Array.from({ length: 40 }, () => [[usual[0] ?? ""], usual]).flat();
      for (const parts of [...learned, ...payloads]) {
        const payload = parts.length === 1 ? (parts[0] ?? "") : `[${parts.join(",")}]`;
        const due = parts.filter((each) => each.includes("~")).length;
        expected += due;
        // Bytes of other frames lie on both sides.
        const buffer = Buffer.from(`~~~${payload}${message(3, "~.other")}`);
        expect(count(buffer, 3, 3 + payload.length)).toBe(due);
      }
      expect(marks).toBe(expected);
    }),
    { numRuns: 300 },
  );
});

test("a text tells its sender, and when it was due, in thirty characters", () => {
  const text = composeText(12_345.678, 42, 12_345, true);
  expect(text).toHaveLength(30);
  const buffer = Buffer.from(text);
  expect(isStamped(buffer, 0)).toBe(true);
  expect(dueOf(buffer, 0)).toBeCloseTo(12_345.68);
  expect(senderOf(buffer, 0)).toBe(42);
  expect(isStamped(Buffer.from(composeText(0, 0, 0, false)), 0)).toBe(false);
});
