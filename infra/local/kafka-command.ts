/** `npm run -s kafka:command`: has a bot do something by way of Kafka, and prints the answer. */
import { randomUUID } from "node:crypto";
import Compile from "typebox/compile";
import { COMMANDS, type Command } from "../../shared/kafka-commands.ts";
import type { CommandKey } from "../../shared/server/process/kafka-settings.ts";
import { readOptions, wholeNumber } from "./cli/options.ts";
import { Problem, runCommand } from "./cli/problem.ts";
import { sendCommand } from "./kafka/send-command.ts";
import { withKafka } from "./kafka/with-kafka.ts";

const USAGE = `npm run -s kafka:command -- send   --room R --text T
npm run -s kafka:command -- notice --room R --text T
npm run -s kafka:command -- delete --room R --seq N
npm run -s kafka:command -- mute   --user ID --minutes N --reason T
npm run -s kafka:command -- ban    --user ID --minutes N --reason T
npm run -s kafka:command -- env

The bot of a key does it, with the rights of its role, and the answer is printed; exit code 1 if it was not done.
\`env\` sends nothing: it prints the settings of a program that has this key, with its secret and the password of Kafka.
  --key      the name of the key; by default the first one
  --id       the id of the command: one that was answered before is answered again, and not done again
  --minutes  of a mute, 10 by default; of a ban: without it, for good
  --wait     how many seconds to wait for the answer; 10 by default
  --data     the folder of the cluster

Kafka and the keys are those of SUDA_KAFKA_BROKERS and SUDA_KAFKA_COMMAND_KEYS, or else those of the running cluster of --data.`;
const MINUTE_MS = 60_000;
const MUTE_MINUTES = 10;

type Given = Partial<Record<"room" | "text" | "seq" | "user" | "minutes" | "reason" | "id", string>>;

await runCommand(async () => {
  const { values, words, data } = readOptions(process.argv.slice(2), USAGE, 1, {
    key: { type: "string" },
    id: { type: "string" },
    room: { type: "string" },
    text: { type: "string" },
    seq: { type: "string" },
    user: { type: "string" },
    minutes: { type: "string" },
    reason: { type: "string" },
    wait: { type: "string", default: "10" },
  });
  if (words[0] === "env") return printSettings(data, values.key);
  const waitMs = wholeNumber("--wait", values.wait, 1, 3_600) * 1_000;
  const command = commandOf(words[0], values, Date.now() + Math.max(waitMs, MINUTE_MS));
  await withKafka(data, async ({ kafka, prefix, keys }) => {
    const answer = await sendCommand({ kafka, prefix, key: keyOf(keys, values.key) }, command, waitMs);
    process.stdout.write(`${JSON.stringify(answer)}\n`);
    if (!answer.ok) throw new Problem(`Not done: ${answer.code}, ${answer.detail}`);
  });
});

/** As `NAME=value` for env(1): no value has spaces. */
function printSettings(data: string, name: string | undefined): Promise<void> {
  return withKafka(data, async ({ access, prefix, keys }) => {
    const { name: own, role, secret } = keyOf(keys, name);
    const settings = {
      SUDA_KAFKA_BROKERS: access.brokers.join(","),
      SUDA_KAFKA_TOPICS: prefix,
      SUDA_KAFKA_COMMAND_KEYS: `${own}:${role}:${secret}`,
      ...(access.login && {
        SUDA_KAFKA_MECHANISM: access.login.mechanism,
        SUDA_KAFKA_USER: access.login.user,
        SUDA_KAFKA_PASSWORD: access.login.password,
      }),
      ...(access.tls && { SUDA_KAFKA_TLS: "on" }),
    };
    const lines = Object.entries(settings).map(([setting, value]) => `${setting}=${value}\n`);
    process.stdout.write(lines.join(""));
  });
}

function commandOf(type: string | undefined, given: Given, expires: number): Command {
  const check = type && Object.hasOwn(COMMANDS, type) ? COMMANDS[type as keyof typeof COMMANDS] : undefined;
  if (!check) throw new Problem(`Choose one of ${Object.keys(COMMANDS).join(", ")}, env: --help says more`);
  const { seq, minutes, id = randomUUID(), ...texts } = given;
  const count = minutes ?? (type === "mute" ? String(MUTE_MINUTES) : undefined);
  const fields = {
    ...{ type, id, expires },
    ...(seq === undefined ? {} : { seq: wholeNumber("--seq", seq, 1, Number.MAX_SAFE_INTEGER) }),
    ...(count === undefined ? {} : { untilMs: untilOf(count) }),
    ...pick(texts),
  };
  const problem = Compile(check)
    .Errors(fields)
    .find(({ keyword }) => keyword !== "boolean");
  if (problem) {
    const words = `${problem.instancePath.slice(1)} ${problem.message}`.trim();
    throw new Problem(`${type}: ${words}; --help says more`);
  }
  return fields as unknown as Command;
}

function untilOf(minutes: string): number {
  return Date.now() + wholeNumber("--minutes", minutes, 1, 5_256_000) * MINUTE_MS;
}

function pick({ room, text, user, reason }: Given): Given {
  return Object.fromEntries(
    Object.entries({ room, text, user, reason }).filter(([, value]) => value !== undefined),
  );
}

function keyOf(keys: readonly CommandKey[], name: string | undefined): CommandKey {
  const key = name === undefined ? keys[0] : keys.find((each) => each.name === name);
  if (key) return key;
  const names = keys.map((each) => each.name).join(", ");
  throw new Problem(
    keys.length === 0
      ? "There are no keys of commands: set SUDA_KAFKA_COMMAND_KEYS"
      : `There is no key ${name}: choose one of ${names}`,
  );
}
