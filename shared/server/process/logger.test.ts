import { expect, it } from "vitest";
import { createLog } from "./logger.ts";

const logged = (error: unknown): string => {
  const lines: string[] = [];
  createLog("test", "info", { write: (line) => void lines.push(line) }).warn({ err: error }, "failed");
  return lines.join("");
};

it("an error is logged with its name, code and place, without its data", () => {
  const command = { name: "evalsha", args: ["a secret text"] };
  const reply = Object.assign(new Error("OOM command not allowed"), {
    code: "OOM",
    command,
    detail: "a secret row",
  });
  const line = logged(reply);
  expect(JSON.parse(line).err).toMatchObject({
    type: "Error",
    code: "OOM",
    message: "OOM command not allowed",
  });
  expect(line).toContain("logger.test.ts");
  expect(line).not.toContain("secret");
});

it("the cause of an error is logged the same way", () => {
  const inner = Object.assign(new Error("inner"), { parameters: ["a secret"] });
  const line = logged(new AggregateError([inner], "several", { cause: inner }));
  expect(JSON.parse(line).err).toMatchObject({ cause: { message: "inner" }, errors: [{ message: "inner" }] });
  expect(line).not.toContain("secret");
});

it("a text that is no JSON is not quoted", () => {
  let error: unknown;
  try {
    JSON.parse("a secret");
  } catch (caught) {
    error = caught;
  }
  const lines: string[] = [];
  createLog("test", "info", { write: (line) => void lines.push(line) }).error({ err: error }, "x");
  expect(lines.join()).not.toContain("secret");
  expect(lines.join()).toContain("not valid JSON");
});
