/** `npm run status [-- --json --settings --data DIR]` */

import { readOptions } from "./cli/options.ts";
import { runCommand } from "./cli/problem.ts";
import { askSettings, askStatus } from "./cluster/control-client.ts";
import { settingsTable, tableOf } from "./cluster/table.ts";

const USAGE = "npm run status -- --json --settings --data DIR";

await runCommand(async () => {
  const { values, data } = readOptions(process.argv.slice(2), USAGE, 0, {
    json: { type: "boolean", default: false },
    settings: { type: "boolean", default: false },
  });
  const found = values.settings ? await askSettings(data) : await askStatus(data);
  const lines = (): string[] =>
    Array.isArray(found) ? settingsTable(found) : [found.url, "", ...tableOf(found)];
  process.stdout.write(`${(values.json ? [JSON.stringify(found)] : lines()).join("\n")}\n`);
});
