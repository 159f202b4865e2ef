/** `npm run status [-- --json --settings --data DIR]`: the processes, and what is not as it should be at their stores and on this machine. */

import { lineOfFinding } from "../../shared/server/preflight/finding.ts";
import { readOptions } from "./cli/options.ts";
import { runCommand } from "./cli/problem.ts";
import { askSettings, askStatus, findBackends } from "./cluster/control-client.ts";
import { settingsTable, tableOf } from "./cluster/table.ts";
import { findingsOf } from "./stores/connections.ts";
import { lookAtMachine } from "./stores/machine-watch.ts";
import { certificateInUse } from "./stores/tls-files.ts";

const USAGE = "npm run status -- --json --settings --data DIR";

await runCommand(async () => {
  const { values, data } = readOptions(process.argv.slice(2), USAGE, 0, {
    json: { type: "boolean", default: false },
    settings: { type: "boolean", default: false },
  });
  const lines = values.settings
    ? await settingsLines(data, values.json)
    : await statusLines(data, values.json);
  process.stdout.write(`${lines.join("\n")}\n`);
});

async function settingsLines(data: string, json: boolean): Promise<string[]> {
  const settings = await askSettings(data);
  return json ? [JSON.stringify(settings)] : settingsTable(settings);
}

async function statusLines(data: string, json: boolean): Promise<string[]> {
  const status = await askStatus(data);
  const gateways = status.processes.filter(({ name }) => name.startsWith("gateway-")).length;
  const certificate = status.url.startsWith("https:") ? certificateInUse(data) : "";
  const machine = lookAtMachine(data, certificate).filter(({ kind }) => kind !== "fine");
  const findings = [...(await findingsOf(findBackends(data), { data, gateways })), ...machine];
  if (json) return [JSON.stringify({ ...status, findings })];
  const found = findings.map((finding) => `${finding.kind}: ${lineOfFinding(finding)}`);
  return [status.url, "", ...tableOf(status), ...(found.length > 0 ? ["", ...found] : [])];
}
