/**
 * The refresh token's cookie: out of reach for scripts, never sent by other sites. Cookies ignore ports, so the name
 * carries the cluster's id: a cookie of another cluster on the same host is neither read nor removed.
 */
import type { ClusterName } from "../../shared/server/postgres/cluster-name.ts";
import type { AnswerHeaders } from "./request.ts";

const TOKEN = /^[A-Za-z0-9_-]{43}$/;

export type RefreshCookie = ReturnType<typeof createRefreshCookie>;

export type RefreshCookieDeps = {
  /** Behind TLS: `Secure`, and the `__Host-` prefix that binds the cookie to this very host. */
  secure: boolean;
  /** The path below which the cookie is sent. Other applications of the host, if there are any, must not get it. */
  base: string;
  lifeMs: number;
  /** @throws Unavailable during an outage before the name is known. */
  cluster: () => ClusterName;
  /** Whether this cluster issued the token. */
  isOurs: (token: string) => Promise<boolean>;
};

export function createRefreshCookie({ secure, base, lifeMs, cluster, isOurs }: RefreshCookieDeps) {
  /** The name that earlier releases used, the same in all clusters. */
  const former = `${secure ? (base === "/" ? "__Host-" : "__Secure-") : ""}suda_refresh`;
  const attributes = `; Path=${base}; HttpOnly; SameSite=Strict${secure ? "; Secure" : ""}`;
  const own = (): string => [former, cluster().id].join("_");
  const give = (name: string, token: string) =>
    `${name}=${token}; Max-Age=${Math.floor(lifeMs / 1_000)}${attributes}`;
  const take = (name: string) => `${name}=; Max-Age=0${attributes}`;

  /** @returns the value under a name; empty: a value that could be no token; undefined: no cookie. */
  const find = (header: string, name: string): string | undefined => {
    for (const pair of header.split(";")) {
      const [key = "", value = ""] = pair.trim().split("=", 2);
      if (key === name) return TOKEN.test(value) ? value : "";
    }
    return undefined;
  };

  /** Tells whether a cookie of the former name is this cluster's: it may be another cluster's. */
  const whoseFormer = async (header: string): Promise<"ours" | "another's" | "none"> => {
    const token = find(header, former);
    if (token === undefined) return "none";
    return token !== "" && (await isOurs(token)) ? "ours" : "another's";
  };

  return {
    /** @returns the tokens in a `cookie` header, the most likely one first. */
    read(header: string): string[] {
      const tokens = [own(), former].map((name) => find(header, name) ?? "");
      return [...new Set(tokens.filter((token) => token !== ""))];
    },

    /** Sets both names while gateways of the previous release, which know only the former one, may still serve. */
    async set(header: string, token: string): Promise<AnswerHeaders> {
      const whose = await whoseFormer(header);
      const both = Date.now() < cluster().formerCookieUntil;
      const cookies = [give(own(), token)];
      if (both && whose !== "another's") cookies.push(give(former, token));
      if (!both && whose === "ours") cookies.push(take(former));
      return { "Set-Cookie": cookies };
    },

    /** Removes the cookies of this cluster. */
    async clear(header: string): Promise<AnswerHeaders> {
      const cookies = [take(own())];
      if ((await whoseFormer(header)) === "ours") cookies.push(take(former));
      return { "Set-Cookie": cookies };
    },
  };
}
