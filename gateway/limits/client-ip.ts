/** The address for which a request is counted. */
import { isIP } from "node:net";

const MAPPED = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i;

/**
 * @param realIp header `x-real-ip`, which nginx sets and nobody else can: gateways listen where only nginx reaches them.
 * @param remote the socket's address, for callers on the same machine.
 */
export function clientIp(realIp: string, remote: string): string {
  const bare = realIp.replace(/%.*$/, "");
  const ip = isIP(bare) === 0 ? remote : bare;
  return MAPPED.exec(ip)?.[1] ?? ip;
}

/** The key of one client: an IPv4 address, or the /64 that an IPv6 subscriber gets. */
export function ipKey(ip: string): string {
  if (isIP(ip) !== 6) return ip;
  const [head = "", tail = ""] = ip.replace(/[\d.]+\.\d+$/, "0:0").split("::");
  const left = head === "" ? [] : head.split(":");
  const right = tail === "" ? [] : tail.split(":");
  const groups = [...left, ...Array<string>(Math.max(0, 8 - left.length - right.length)).fill("0"), ...right];
  const network = groups.slice(0, 4).map((group) => Number.parseInt(group, 16).toString(16));
  return `${network.join(":")}::/64`;
}
