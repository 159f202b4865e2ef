/** Watches this machine while a cluster runs: a line when something is not as it should be, and one when it is again. */
import { certificateFindings } from "../../../shared/server/preflight/certificate.ts";
import { type Finding, lineOfFinding } from "../../../shared/server/preflight/finding.ts";
import { machineFindings } from "../../../shared/server/preflight/machine.ts";
import { readDisk } from "../../../shared/server/preflight/machine-facts.ts";

const EVERY_MS = 5_000;

/** The findings that may change: the disk of the data folder, and the end of the certificate, if nginx ends TLS. */
export const lookAtMachine = (data: string, certificate: string | undefined): Finding[] => [
  ...machineFindings({ disk: readDisk(data) }, 0),
  ...certificateFindings(certificate ?? ""),
];

/** @param look the findings of this moment. @param known findings that the start has said. */
export function watchMachine(
  look: () => Finding[],
  known: readonly Finding[],
  say: (line: string) => void,
): void {
  const kinds = new Map(known.map(({ about, kind }) => [about, kind]));
  setInterval(() => {
    for (const finding of look()) {
      const { about, kind } = finding;
      if (kind === (kinds.get(about) ?? "fine")) continue;
      say(`${kind === "fine" ? "" : "Warning: "}${lineOfFinding(finding)}`);
      kinds.set(about, kind);
    }
  }, EVERY_MS).unref();
}
