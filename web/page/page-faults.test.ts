import fc from "fast-check";
import Compile from "typebox/compile";
import { expect, test } from "vitest";
import { BODIES, type ClientErrorBody } from "../../shared/http-api.ts";
import { createPageFaults, watchPage } from "./page-faults.ts";

const PLACE = "https://chat.example/assets/main-1A2B3C.js:12:345";

function failure(over: { name?: string; message?: string; stack?: string } = {}): Error {
  const { name = "TypeError", message = "x is not a function" } = over;
  const error = new Error(message);
  error.name = name;
  error.stack =
    over.stack ??
    `${name}: ${message}\n    at f (${PLACE})\n    at https://chat.example/assets/main-1A2B3C.js:1:2`;
  return error;
}

function start() {
  const sent: ClientErrorBody[] = [];
  return { sent, faults: createPageFaults((fault) => void sent.push(fault)) };
}

test("a fault is reported by its class and its places in our scripts", () => {
  const { sent, faults } = start();
  expect(faults.report("screen", failure())).toBe(true);
  const firefox = `f@${PLACE}\n@https://chat.example/assets/main-1A2B3C.js:1:2`;
  faults.report("event", failure({ stack: firefox }));
  const at = ["main-1A2B3C.js:12:345", "main-1A2B3C.js:1:2"];
  expect(sent).toEqual([
    { where: "screen", name: "TypeError", at },
    { where: "event", name: "TypeError", at },
  ]);
});

test("an error's message is never reported, and the report is one that the cluster accepts", () => {
  const check = Compile(BODIES.clientError);
  fc.assert(
    fc.property(
      fc.oneof(
        fc.record({
          name: fc.string(),
          message: fc.string().map((text) => `SECRET ${text}`),
        }),
        fc.constant({ message: `SECRET\n at SECRET (${PLACE})` }),
        fc.record({ stack: fc.string() }),
      ),
      (over) => {
        const { sent, faults } = start();
        faults.report("start", failure(over));
        expect(JSON.stringify(sent)).not.toContain("SECRET");
        expect(check.Check(sent[0])).toBe(true);
      },
    ),
  );
  const { sent, faults } = start();
  for (const odd of [undefined, null, "SECRET", 5, { stack: 1 }, Object.create(null), () => 1])
    faults.report("start", odd);
  expect(sent.every((fault) => check.Check(fault))).toBe(true);
  expect(JSON.stringify(sent)).not.toContain("SECRET");
});

test("the same fault is reported once, and a page reports only a few", () => {
  const { sent, faults } = start();
  for (let n = 0; n < 100; n++) faults.report("event", failure());
  expect(sent).toHaveLength(1);
  for (let n = 0; n < 100; n++)
    faults.report("event", failure({ stack: `E\n at https://c.example/assets/main.js:1:${n}` }));
  expect(sent).toHaveLength(5);
});

test("a failure in a foreign script is neither reported nor shown", () => {
  const { sent, faults } = start();
  const view = new EventTarget();
  let shown = 0;
  watchPage(view as never, faults, () => shown++);
  const say = (type: string, more: object) => view.dispatchEvent(Object.assign(new Event(type), more));
  say("error", { error: failure({ stack: "Error\n at chrome-extension://abc/content.js:1:2" }) });
  say("error", { error: null });
  say("unhandledrejection", { reason: undefined });
  expect([sent, shown]).toEqual([[], 0]);
  say("unhandledrejection", { reason: failure() });
  expect([sent[0]?.where, shown]).toEqual(["promise", 1]);
});
