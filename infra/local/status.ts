/** `npm run status [-- --json --data DIR]` */

import { readCommandOptions } from "./cli/options.ts";
import { runCommand } from "./cli/problem.ts";
import { askStatus } from "./cluster/control-client.ts";
import { tableOf } from "./cluster/table.ts";

await runCommand(async () => {
  const { data, json } = readCommandOptions(process.argv.slice(2), "npm run status -- --json --data DIR", {
    more: "json",
  });
  const status = await askStatus(data);
  const lines = json ? [JSON.stringify(status)] : [status.url, "", ...tableOf(status)];
  process.stdout.write(`${lines.join("\n")}\n`);
});
