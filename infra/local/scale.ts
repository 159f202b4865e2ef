/** `npm run scale -- N [--data DIR]`: resolves when the cluster has N gateways. */

import { MAX_GATEWAYS, readCommandOptions, wholeNumber } from "./cli/options.ts";
import { runCommand } from "./cli/problem.ts";
import { command } from "./cluster/control-client.ts";

await runCommand(async () => {
  const { data, words } = readCommandOptions(process.argv.slice(2), "npm run scale -- N --data DIR", {
    words: 1,
  });
  const to = wholeNumber("npm run scale -- N", words[0], 1, MAX_GATEWAYS);
  await command(data, `/scale?to=${to}`, (line) => process.stdout.write(`${line}\n`));
});
