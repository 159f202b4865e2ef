/**
 * `npm run fuzz -- [--seconds N] [--seed N]`: starts a cluster and sends it malformed frames, request bodies and raw
 * bytes. Exit code 1 if a gateway ended, its memory grew, an answer had no code, or a room has a message that no valid
 * frame sent. Linux only.
 */
import { parseArgs } from "node:util";
import { fuzz } from "./fuzz-run.ts";
import { startCluster } from "./support/cluster.ts";

const { values } = parseArgs({
  options: { seconds: { type: "string", default: "180" }, seed: { type: "string" } },
});
const [seconds, seed] = [Number(values.seconds), Number(values.seed ?? Date.now() % 1_000_000)];
if (!(seconds > 0) || !Number.isInteger(seed)) throw new RangeError("--seconds and --seed are numbers");
const say = (line: string): void => void process.stdout.write(`${line}\n`);

const cluster = await startCluster();
try {
  say(`seed ${seed}, ${seconds} s against ${cluster.url}`);
  const { attacks, events, grownMb, faults } = await fuzz(cluster, {
    seconds,
    seed,
    bodies: true,
    tell: say,
  });
  say(`${attacks} attacks, ${events} events that were allowed, gateways grew by ${grownMb} MB at most`);
  if (attacks === 0 || events === 0)
    faults.push("nothing was attacked, or nothing that is allowed had an effect");
  for (const fault of faults) say(`FAIL ${fault}`);
  if (faults.length === 0) say("ok: nothing crashed, leaked or had an effect that it should not have had");
  process.exitCode = faults.length === 0 ? 0 : 1;
} finally {
  await cluster.stop();
}
