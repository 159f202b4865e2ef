/**
 * Holds the JSON Schemas of docs/kafka/schemas against the schemas that they are made of. After a change of these,
 * `vitest run test/kafka-schemas.test.ts -u` writes the files.
 */
import { readdirSync } from "node:fs";
import type { Static, TSchema } from "typebox";
import Compile from "typebox/compile";
import { expect, expectTypeOf, test } from "vitest";
import type { Act } from "../shared/http-api.ts";
import { KAFKA_HEADERS, KAFKA_VALUES } from "../shared/kafka-schemas.ts";
import { eventHeaders, headersOf } from "../shared/server/kafka/envelope.ts";
import type { PublicUser, RoomEvent } from "../shared/server-frames.ts";

const FOLDER = "../docs/kafka/schemas";
const SCHEMAS: Record<string, TSchema> = { ...KAFKA_VALUES, ...KAFKA_HEADERS };

test.each(Object.entries(SCHEMAS))("the published schema of %s is that of the code", async (name, schema) => {
  const published = {
    $schema: "https://json-schema.org/draft/2020-12/schema",
    title: `suda.${name}`,
    ...schema,
  };
  await expect(`${JSON.stringify(published, null, 2)}\n`).toMatchFileSnapshot(`${FOLDER}/${name}.json`);
});

test("no other schema is published", () => {
  const names = readdirSync(new URL(`${FOLDER}/`, import.meta.url)).map((name) => name.replace(".json", ""));
  expect(names.toSorted()).toEqual(Object.keys(SCHEMAS).toSorted());
});

/** Commands are in no answer of the HTTP API. */
type KafkaAct = Omit<Act, "detail" | "act"> & { act: Act["act"] | "command" };

type Same<A, B> = [A, B] extends [B, A] ? true : false;

test("values have the types that the code has", () => {
  type Values = { [T in keyof typeof KAFKA_VALUES]: Static<(typeof KAFKA_VALUES)[T]> };
  // Checked by the compiler. The details of acts are of many forms.
  expectTypeOf<Same<Values["events"], RoomEvent>>().toEqualTypeOf<true>();
  expectTypeOf<Same<Values["users"], PublicUser>>().toEqualTypeOf<true>();
  expectTypeOf<Same<Omit<Values["audit"], "detail">, KafkaAct>>().toEqualTypeOf<true>();
});

test("headers are as their schemas say", () => {
  const at = Date.UTC(2026, 1, 3);
  const event = { cluster: "c1", room: "tea", epoch: 0, seq: 7, previous: 6, kind: "removed", at };
  const check = Compile(KAFKA_HEADERS["event-headers"]);
  expect(check.Check(eventHeaders(event))).toBe(true);
  expect(check.Check({ ...eventHeaders(event), ce_previous: "-1" })).toBe(false);
  const others = { cluster: "c1", id: "users/1/7", kind: "user", at, subject: "1" };
  expect(Compile(KAFKA_HEADERS.headers).Check(headersOf(others))).toBe(true);
});
