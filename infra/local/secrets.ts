/** `npm run -s secrets -- --show --data DIR`: prints what a second machine needs to join this cluster, secrets included. */
import { GIVEN, useStores } from "./cli/environment.ts";
import { readOptions } from "./cli/options.ts";
import { Problem, runCommand } from "./cli/problem.ts";
import { findJoined, joinFileOf } from "./data/join-file.ts";
import { readRunner } from "./data/runner-file.ts";

const USAGE = "npm run -s secrets -- --show --data DIR";
const THIS_MACHINE = /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/;

await runCommand(async () => {
  const { values, data } = readOptions(process.argv.slice(2), USAGE, 0, {
    show: { type: "boolean", default: false },
  });
  if (!values.show) throw new Problem(`It prints secrets, so it wants to be asked: ${USAGE}`);
  useStores({ ...findJoined(data), ...readRunner(data)?.given });
  const shown = joinFileOf(data, GIVEN);
  const near = [shown.redisUrl, shown.databaseUrl].filter((url) =>
    THIS_MACHINE.test(URL.parse(url)?.hostname ?? ""),
  );
  if (near.length > 0)
    process.stderr.write(
      "Note: 127.0.0.1 is another machine there. Start this cluster with addresses that all machines reach\n",
    );
  process.stdout.write(`${JSON.stringify(shown, undefined, 2)}\n`);
});
