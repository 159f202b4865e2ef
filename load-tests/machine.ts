/** Describes the machine of a measurement. No figure is printed without it. */
import { readFileSync } from "node:fs";
import { availableParallelism, cpus, release, totalmem, type } from "node:os";

export function describeMachine(): string {
  const memory = `${(totalmem() / 2 ** 30).toFixed(1)} GiB`;
  return `${availableParallelism()} cores (${cpus()[0]?.model ?? "unknown"}), ${memory}, ${system()}, Node ${process.version}`;
}

function system(): string {
  if (type() !== "Linux") return `${type()} ${release()}`;
  const pretty = /^PRETTY_NAME="?([^"\n]*)/m.exec(readFileSync("/etc/os-release", "utf8"))?.[1];
  return `${pretty ?? "Linux"} (${release()})`;
}
