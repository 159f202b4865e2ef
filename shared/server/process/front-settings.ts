/** Settings about what is in front of the cluster: the address that people open, and the proxies on the way. */
import { publicUrl } from "./public-url.ts";
import { setting } from "./setting.ts";
import { filePath, flag, listOfDistinct, network } from "./setting-readers.ts";

export const FRONT_SETTINGS = {
  publicUrl: setting(
    "SUDA_PUBLIC_URL",
    publicUrl,
    "",
    "address that people open: nothing else is the own origin, and nginx names it in the page's policy; with a path, all is below that path",
  ),
  offline: setting(
    "SUDA_OFFLINE",
    flag,
    true,
    "for nginx: off: browsers keep nothing of the page for a start without a network, and forget what they kept",
  ),
  trustProxy: setting(
    "SUDA_TRUST_PROXY",
    listOfDistinct(network, String),
    [] as string[],
    "for nginx: addresses and networks of proxies in front, whose word on a client's address counts",
  ),
  proxyProtocol: setting(
    "SUDA_PROXY_PROTOCOL",
    flag,
    false,
    "for nginx: on: every connection begins with a header of the PROXY protocol, version 1 or 2",
  ),
  tlsCert: setting(
    "SUDA_TLS_CERT",
    filePath,
    "",
    "for npm start without a proxy: file of the certificate and its chain; nginx ends TLS then, and follows a renewal",
  ),
  tlsKey: setting("SUDA_TLS_KEY", filePath, "", "file of its key"),
  secureCookie: setting(
    "SUDA_SECURE_COOKIE",
    flag,
    false,
    "on behind TLS: Secure and the __Host- prefix (below a path __Secure-); by itself with SUDA_TLS_CERT and a SUDA_PUBLIC_URL of https",
  ),
} as const;
