/** Which addresses of push services are acceptable. Browsers bring them, so each one could as well point into our own network. */
import { BlockList, isIP } from "node:net";

/** The longest address that is stored. Those of the browsers' services have some 200 characters. */
const ENDPOINT_MAX = 1_000;

/** Networks that are not the internet. */
const NOT_PUBLIC: readonly (readonly [string, number])[] = [
  ...([
    ["0.0.0.0", 8],
    ["10.0.0.0", 8],
    ["100.64.0.0", 10],
    ["127.0.0.0", 8],
    ["169.254.0.0", 16],
  ] as const),
  ...([
    ["172.16.0.0", 12],
    ["192.0.0.0", 24],
    ["192.0.2.0", 24],
    ["192.88.99.0", 24],
  ] as const),
  ...([
    ["192.168.0.0", 16],
    ["198.18.0.0", 15],
    ["198.51.100.0", 24],
    ["203.0.113.0", 24],
  ] as const),
  ...([
    ["224.0.0.0", 4],
    ["240.0.0.0", 4],
  ] as const),
];
/** Of 2000::/3, outside of which nothing is public: other ways to write an address of IPv4, and examples. */
const NOT_PUBLIC_V6: readonly (readonly [string, number])[] = [
  ...([
    ["2001::", 23],
    ["2001:db8::", 32],
    ["2002::", 16],
    ["3fff::", 20],
  ] as const),
];

const v4 = new BlockList();
for (const [network, bits] of NOT_PUBLIC) v4.addSubnet(network, bits, "ipv4");
const v6 = new BlockList();
for (const [network, bits] of NOT_PUBLIC_V6) v6.addSubnet(network, bits, "ipv6");
const global = new BlockList();
global.addSubnet("2000::", 3, "ipv6");

/** Whether it is an address of the internet. */
export function isPublicAddress(address: string): boolean {
  const family = isIP(address);
  if (family === 4) return !v4.check(address, "ipv4");
  return family === 6 && global.check(address, "ipv6") && !v6.check(address, "ipv6");
}

/** @param hosts the only names that are accepted, wherever they lead; none: any name. A name with `*.` before it stands for those below it. */
export function isListed(hostname: string, hosts: readonly string[]): boolean {
  return hosts.some(
    (host) => host === hostname || (host.startsWith("*.") && hostname.endsWith(host.slice(1))),
  );
}

/**
 * Whether it may be the address of a push service: https, a name of the internet, the usual port, nothing secret beside the path.
 * Its address is looked at again when something is sent there.
 */
export function isPushEndpoint(endpoint: string, hosts: readonly string[]): boolean {
  const url = endpoint.length <= ENDPOINT_MAX ? URL.parse(endpoint) : undefined;
  if (url?.protocol !== "https:" || url.username !== "" || url.password !== "" || url.hash !== "")
    return false;
  if (hosts.length > 0) return isListed(url.hostname, hosts);
  if (url.port !== "" || url.hostname.startsWith("[") || isIP(url.hostname) !== 0) return false;
  return (
    /\.[a-z][a-z0-9-]*$/.test(url.hostname) && !/\.(local|localhost|internal|home\.arpa)$/.test(url.hostname)
  );
}
