import {
  AuthenticationError,
  MultipleErrors,
  NetworkError,
  ProtocolError,
  ResponseError,
} from "@platformatic/kafka";
import { expect, test } from "vitest";
import { Unavailable } from "../process/unavailable.ts";
import { KafkaUnavailable, kafkaError, within } from "./outages.ts";

const gathered = (...errors: Error[]): Error => new MultipleErrors("failed", errors);
const kindOf = (error: Error): string | undefined => {
  const found = kafkaError(error);
  return found instanceof KafkaUnavailable ? found.kind : undefined;
};

test.each([
  ["network", new NetworkError("lost")],
  ["network", Object.assign(new Error("refused"), { code: "ECONNREFUSED" })],
  ["network", gathered(gathered(new NetworkError("lost")), new NetworkError("lost"))],
  ["authentication", new AuthenticationError("no", { cause: new NetworkError("lost") })],
  ["authentication", gathered(new NetworkError("failed", { cause: new AuthenticationError("no") }))],
  ["fenced", gathered(new NetworkError("lost"), new ProtocolError("PRODUCER_FENCED"))],
  ["fenced", new ResponseError(0, 11, { "/": [47, null] }, {})],
  ["NOT_ENOUGH_REPLICAS", new ProtocolError("NOT_ENOUGH_REPLICAS")],
  ["TOPIC_AUTHORIZATION_FAILED", gathered(new ProtocolError("TOPIC_AUTHORIZATION_FAILED"))],
])("an outage is one of kind %s", (kind, error) => {
  expect(kindOf(error)).toBe(kind);
  expect(kafkaError(error)).toBeInstanceOf(Unavailable);
});

test("an error of ours is no outage, also when the library has gathered it among others", () => {
  const bug = new TypeError("undefined is not a buffer");
  expect(kafkaError(bug)).toBe(bug);
  expect(kafkaError(gathered(gathered(bug, bug)))).toBe(bug);
  expect(kafkaError(gathered(new NetworkError("lost"), bug))).toBe(bug);
  const tooLarge = new ProtocolError("MESSAGE_TOO_LARGE");
  expect(kafkaError(gathered(tooLarge))).toBe(tooLarge);
});

test("a step without an end is an outage when its time is over, and its late error troubles nobody", async () => {
  const { promise, reject } = Promise.withResolvers<void>();
  const step = within(20, "send", () => promise);
  await expect(step).rejects.toMatchObject({ kind: "deadline", message: expect.stringContaining("send") });
  reject(new Error("late"));
});
