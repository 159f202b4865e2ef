/** `npm run roll [-- --data DIR]`: restarts all gateways one by one. */
import { command } from "./control-client.ts";
import { readCommandOptions } from "./options.ts";
import { runCommand } from "./problem.ts";

await runCommand(async () => {
  const { data } = readCommandOptions(process.argv.slice(2), "npm run roll -- --data DIR");
  await command(data, "/roll", (line) => process.stdout.write(`${line}\n`));
});
