/** `npm run roll [-- --data DIR]`: restarts all gateways one by one. */

import { readCommandOptions } from "./cli/options.ts";
import { runCommand } from "./cli/problem.ts";
import { command } from "./cluster/control-client.ts";

await runCommand(async () => {
  const { data } = readCommandOptions(process.argv.slice(2), "npm run roll -- --data DIR");
  await command(data, "/roll", (line) => process.stdout.write(`${line}\n`));
});
