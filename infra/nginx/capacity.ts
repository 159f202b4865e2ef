/** The load that nginx and gateways carry with the files that they may open. The rest is refused before a file is missing. */
import { clientsOf, FILES_AT_REST } from "../../shared/server/preflight/machine.ts";

/** More than nginx uses on any machine. */
export const MAX_FILES = 65_536;
const MAX_CONNECTIONS = 32_768;

/** Values of the template: the limits of each process of nginx. */
export function capacityOf(allowed: number): { files: string; connections: string; sockets: string } {
  const files = Math.min(allowed, MAX_FILES);
  const connections = Math.min(files, MAX_CONNECTIONS);
  return { files: String(files), connections: String(connections), sockets: String(clientsOf(connections)) };
}

/** The number of connections that a gateway has files for. */
export const connectionsOfGateway = (allowed: number): number => Math.max(1, allowed - FILES_AT_REST);
