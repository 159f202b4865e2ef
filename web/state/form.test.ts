import { expect, test } from "vitest";
import type { ApiProblem } from "../sync/api.ts";
import { createFakeClock } from "../sync/clock.fake.ts";
import { checkFields } from "./field-rules.ts";
import { createForm } from "./form.ts";

const good = { email: "a@example.com", password: "long enough" };

function setUp(...answers: (ApiProblem | undefined)[]) {
  const clock = createFakeClock();
  let asked = 0;
  const form = createForm<typeof good>({
    clock,
    check: checkFields,
    places: { email_taken: "email" },
    send: async () => {
      asked += 1;
      return answers.shift();
    },
  });
  return { clock, form, asked: () => asked };
}

test("a form that could not even ask is busy no longer", async () => {
  const form = createForm<{ email: string }>({
    clock: createFakeClock(),
    check: () => ({}),
    send: () => Promise.reject(new Error("denied")),
  });
  await expect(form.submit({ email: "a@example.com" })).rejects.toThrow("denied");
  expect(form.busy.value).toBe(false);
});

test("visibly wrong fields are not sent", async () => {
  const { form, asked } = setUp();
  expect(await form.submit({ email: "", password: "short" })).toBe(false);
  expect(form.fields.value).toEqual({ email: "missing", password: "too_short" });
  expect(asked()).toBe(0);
});

test("a field that is changed is no longer said to be wrong", async () => {
  const { form } = setUp();
  await form.submit({ email: "", password: "short" });
  form.touched("email");
  expect(form.fields.value).toEqual({ password: "too_short" });
});

test("the server's word about a field is shown at the field", async () => {
  const { form } = setUp({ code: "invalid", fields: { password: "too_common" } });
  expect(await form.submit(good)).toBe(false);
  expect(form.fields.value).toEqual({ password: "too_common" });
  expect(form.problem.value).toBeUndefined();
});

test("two presses of the button are one request", async () => {
  const { form, asked } = setUp();
  expect(await Promise.all([form.submit(good), form.submit(good)])).toEqual([true, false]);
  expect(asked()).toBe(1);
});

test("too many attempts: nothing is sent before the server's time is over", async () => {
  const { clock, form, asked } = setUp({ code: "too_many_attempts", retryAfterMs: 2_500 });
  await form.submit(good);
  expect(form.problem.value).toBe("too_many_attempts");
  expect(form.secondsLeft.value).toBe(3);
  expect(await form.submit(good)).toBe(false);
  clock.advance(2_500);
  expect(form.secondsLeft.value).toBeUndefined();
  expect(await form.submit(good)).toBe(true);
  expect(asked()).toBe(2);
});

test("a problem that is one field's is told there, and what no field of the form can show is told of the whole", async () => {
  const { form } = setUp(
    { code: "email_taken" },
    { code: "nickname_taken" },
    { code: "invalid", fields: { untilMs: "not_allowed" } },
  );
  await form.submit(good);
  expect([form.fields.value, form.problem.value]).toEqual([{ email: "email_taken" }, undefined]);
  await form.submit(good);
  expect([form.fields.value, form.problem.value]).toEqual([{}, "nickname_taken"]);
  await form.submit(good);
  expect([form.fields.value, form.problem.value]).toEqual([{}, "invalid"]);
});
