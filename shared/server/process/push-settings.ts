/** Settings of the worker about notifications of closed pages. */
import { setting } from "./setting.ts";
import { listOfDistinct, pattern } from "./setting-readers.ts";

export const PUSH_SETTINGS = {
  pushKey: setting(
    "SUDA_PUSH_KEY",
    pattern(/^[0-9a-f]{64}$/, "64 hexadecimal digits"),
    "",
    "for the worker: private key by which push services know the cluster (openssl rand -hex 32), the same for all workers; empty: closed pages are notified of nothing",
  ),
  pushContact: setting(
    "SUDA_PUSH_CONTACT",
    pattern(/^(mailto:[^\s@]+@[^\s@]+|https:\/\/[^\s]+)$/, "an address that begins with mailto: or https:"),
    "",
    "for the worker: how push services reach the operator; by default SUDA_PUBLIC_URL if it is https",
  ),
  pushHosts: setting(
    "SUDA_PUSH_HOSTS",
    listOfDistinct(
      pattern(/^(\*\.)?[a-z0-9.-]{1,253}$/, "names of hosts, *. before one stands for those below it"),
      String,
    ),
    [] as string[],
    "the only push services that browsers may bring, also on private addresses; empty: any on the internet, and none elsewhere",
  ),
} as const;
