/** `npm run status [-- --json --data DIR]` */
import { askStatus } from "./control-client.ts";
import { readCommandOptions } from "./options.ts";
import { runCommand } from "./problem.ts";
import { tableOf } from "./table.ts";

await runCommand(async () => {
  const { data, json } = readCommandOptions(process.argv.slice(2), "npm run status -- --json --data DIR", {
    more: "json",
  });
  const status = await askStatus(data);
  const lines = json ? [JSON.stringify(status)] : [status.url, "", ...tableOf(status)];
  process.stdout.write(`${lines.join("\n")}\n`);
});
