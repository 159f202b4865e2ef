/**
 * The refresh token's cookie: out of reach for scripts, never sent by other sites. Browsers know no ports, so its name carries the
 * cluster's own id: what another cluster on the same host has set is neither read nor taken away.
 */
import type { ClusterName } from "../../shared/server/postgres/cluster-name.ts";
import type { AnswerHeaders } from "./request.ts";

const TOKEN = /^[A-Za-z0-9_-]{43}$/;

export type RefreshCookie = ReturnType<typeof createRefreshCookie>;

export type RefreshCookieDeps = {
  /** Behind TLS: `Secure`, and the `__Host-` prefix that binds the cookie to this very host. */
  secure: boolean;
  lifeMs: number;
  /** @throws an outage before it is known. */
  cluster: () => ClusterName;
  /** Whether this cluster has given the token. */
  isOurs: (token: string) => Promise<boolean>;
};

export function createRefreshCookie({ secure, lifeMs, cluster, isOurs }: RefreshCookieDeps) {
  /** The name of the releases before, alike in all clusters. */
  const former = secure ? "__Host-suda_refresh" : "suda_refresh";
  const attributes = `; Path=/; HttpOnly; SameSite=Strict${secure ? "; Secure" : ""}`;
  const own = (): string => [former, cluster().id].join("_");
  const give = (name: string, token: string) =>
    `${name}=${token}; Max-Age=${Math.floor(lifeMs / 1_000)}${attributes}`;
  const take = (name: string) => `${name}=; Max-Age=0${attributes}`;

  /** The value under a name; empty: it is there and could be no token. */
  const find = (header: string, name: string): string | null => {
    for (const pair of header.split(";")) {
      const [key = "", value = ""] = pair.trim().split("=", 2);
      if (key === name) return TOKEN.test(value) ? value : "";
    }
    return null;
  };

  /** Whose the cookie of the former name is: it may be another cluster's. */
  const whoseFormer = async (header: string): Promise<"ours" | "another's" | "none"> => {
    const token = find(header, former);
    if (token === null) return "none";
    return token !== "" && (await isOurs(token)) ? "ours" : "another's";
  };

  return {
    /** The tokens in a `cookie` header, the likeliest first. */
    read(header: string): string[] {
      const tokens = [own(), former].map((name) => find(header, name) ?? "");
      return [...new Set(tokens.filter((token) => token !== ""))];
    },

    /** While gateways of the release before may still serve, under both names: they know only the former one. */
    async set(header: string, token: string): Promise<AnswerHeaders> {
      const whose = await whoseFormer(header);
      const both = Date.now() < cluster().formerCookieUntil;
      const cookies = [give(own(), token)];
      if (both && whose !== "another's") cookies.push(give(former, token));
      if (!both && whose === "ours") cookies.push(take(former));
      return { "Set-Cookie": cookies };
    },

    /** Takes away what is ours. */
    async clear(header: string): Promise<AnswerHeaders> {
      const cookies = [take(own())];
      if ((await whoseFormer(header)) === "ours") cookies.push(take(former));
      return { "Set-Cookie": cookies };
    },
  };
}
