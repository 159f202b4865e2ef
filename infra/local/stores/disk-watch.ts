/** Watches the disk of the data folder while a cluster runs: a line when room runs short, and one when there is enough again. */
import { type Finding, lineOfFinding } from "../../../shared/server/preflight/finding.ts";
import { machineFindings } from "../../../shared/server/preflight/machine.ts";
import { readMachine } from "../../../shared/server/preflight/machine-facts.ts";

const EVERY_MS = 5_000;

/** @param read the free bytes; for tests. */
export function watchDisk(
  folder: string,
  say: (line: string) => void,
  read: () => number | undefined = () => readMachine(folder).disk,
): void {
  let kind: Finding["kind"] = "fine";
  const look = (): void => {
    const [finding] = machineFindings({ disk: read() }, 0);
    if (!finding || finding.kind === kind) return;
    say(`${finding.kind === "fine" ? "" : "Warning: "}${lineOfFinding(finding)}`);
    kind = finding.kind;
  };
  setInterval(look, EVERY_MS).unref();
}
