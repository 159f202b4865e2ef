/** Judges the limits of a machine or container by the number of clients and processes that they carry. Pure. */
import type { Finding } from "./finding.ts";
import type { MachineFacts } from "./machine-facts.ts";

const MIB = 1 << 20;
const GIB = 1 << 30;
/** A client holds a file in nginx for its socket, one for the gateway's side of it, and one in its gateway. */
const FILES_PER_CLIENT = 2;
/** Files of a process that serves nobody. */
export const FILES_AT_REST = 100;
/** The number of sockets of clients that an nginx with so many files or connections carries. */
export const clientsOf = (files: number): number =>
  Math.max(0, Math.floor((files - FILES_AT_REST) / FILES_PER_CLIENT));
const MIN_FILES = 4_096;
const MIN_BACKLOG = 511;
const MIN_PORTS = 10_000;
/** Of a process of a gateway or worker. */
export const PROCESS_BYTES = 150 * MIB;
/** The worker, nginx and the stores of the cluster. */
const REST_BYTES = 512 * MIB;
/** Memory of a cluster on one machine. */
export const clusterBytes = (gateways: number): number => gateways * PROCESS_BYTES + REST_BYTES;
const LOW_DISK = 2 * GIB;
const FULL_DISK = 100 * MIB;

/** @param needBytes memory. */
export function machineFindings(
  { openFiles, memory, somaxconn, ports, disk }: MachineFacts,
  needBytes: number,
): Finding[] {
  return [
    ...judge(openFiles, (files) => filesFinding(files)),
    ...judge(memory, (bytes) => memoryFinding(bytes, needBytes)),
    ...judge(somaxconn, (length) =>
      bounded("backlog", length, MIN_BACKLOG, {
        says: `net.core.somaxconn is ${length}: so many new connections wait`,
        mend: `sysctl -w net.core.somaxconn=4096`,
      }),
    ),
    ...judge(ports, (count) =>
      bounded("ports", count, MIN_PORTS, {
        says: `${count} local ports carry so many connections of nginx to each gateway`,
        mend: 'sysctl -w net.ipv4.ip_local_port_range="10240 65535"',
      }),
    ),
    ...judge(disk, diskFinding),
  ];
}

function filesFinding(files: number): Finding {
  return bounded("open files", files, MIN_FILES, {
    says: `a process may open ${files} files, which carries about ${clientsOf(files)} clients`,
    mend: "ulimit -n 65536 before the start, or LimitNOFILE=65536 in its systemd unit",
  });
}

function memoryFinding(bytes: number, need: number): Finding {
  return bounded("memory", bytes, need, {
    says: `this container has ${Math.floor(bytes / MIB)} MiB, and about ${Math.ceil(need / MIB)} are needed`,
    mend: "give it more memory, or start fewer gateways",
  });
}

function diskFinding(bytes: number): Finding {
  const says = `${Math.floor(bytes / MIB)} MiB are free on the disk of the data folder`;
  const finding = bounded("disk", bytes, LOW_DISK, { says, mend: "make room" });
  return bytes < FULL_DISK ? { ...finding, kind: "refuses" } : finding;
}

function bounded(
  about: string,
  value: number,
  min: number,
  { says, mend }: { says: string; mend: string },
): Finding {
  return value < min ? { kind: "warns", about, says, mend } : { kind: "fine", about, says };
}

const judge = (value: number | undefined, finding: (value: number) => Finding): Finding[] =>
  value === undefined ? [] : [finding(value)];
