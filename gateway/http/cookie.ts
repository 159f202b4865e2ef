/** The refresh token's cookie: out of reach for scripts, never sent by other sites. */

const TOKEN = /^[A-Za-z0-9_-]{43}$/;

export type RefreshCookie = ReturnType<typeof createRefreshCookie>;

/** @param secure behind TLS: `Secure`, and the `__Host-` prefix that binds the cookie to this very host. */
export function createRefreshCookie(secure: boolean, lifeMs: number) {
  const name = secure ? "__Host-suda_refresh" : "suda_refresh";
  const attributes = `; Path=/; HttpOnly; SameSite=Strict${secure ? "; Secure" : ""}`;
  return {
    /** The token in a `cookie` header; null: none, or nothing that could be one. */
    read(header: string): string | null {
      for (const pair of header.split(";")) {
        const [key = "", value = ""] = pair.trim().split("=", 2);
        if (key === name) return TOKEN.test(value) ? value : null;
      }
      return null;
    },
    set: (token: string) => ({
      "Set-Cookie": `${name}=${token}; Max-Age=${Math.floor(lifeMs / 1_000)}${attributes}`,
    }),
    clear: () => ({ "Set-Cookie": `${name}=; Max-Age=0${attributes}` }),
  };
}
