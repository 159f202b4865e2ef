/**
 * `npm run redis-memory`: prints the bytes that a remembered message, a room that people talk in and an idle room cost a Redis of its
 * own, beside the figures of docs/capacity.md. Exit code 1 when one is more than 10 % off.
 */
import { describeMachine } from "../load-tests/machine.ts";
import { isNear, readCapacity } from "./support/capacity.ts";
import { measureFootprint } from "./support/redis-footprint.ts";

const say = (line: string): void => void process.stdout.write(`${line}\n`);

const written = readCapacity();
const measured = await measureFootprint();
for (const [name, words] of Object.entries({
  message: "a message remembered",
  room: "a live room, without its log",
  event: "an event in a log",
  idleRoom: "an idle room",
} as const)) {
  const [is, was] = [measured[name as keyof typeof measured], written[name as keyof typeof written]];
  say(`${words.padEnd(30)} ${is.toFixed(0).padStart(6)} bytes, docs/capacity.md says ${was}`);
  if (!isNear(is, was)) process.exitCode = 1;
}
say(describeMachine());
