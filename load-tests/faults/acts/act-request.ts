/** Requests an act on a person: as the person themself, or as the admin. */
import type { Minted } from "../../support/commands.ts";
import type { Act } from "./acts-on-people.ts";

const HOUR_MS = 3_600_000;

/** @returns a function that requests an act, and returns whether the request succeeded. */
export function createRequest(api: string, adminToken: string) {
  return (kind: Act["kind"], value: string, { user, accessToken }: Minted): Promise<boolean> => {
    const path = `/users/${user.id}`;
    if (kind === "name") return call(accessToken, "PATCH", "/me", { nickname: value });
    if (kind === "role") return call(adminToken, "PUT", `${path}/role`, { role: value });
    if (value === "off") return call(adminToken, "DELETE", `${path}/${kind}`);
    return call(adminToken, "PUT", `${path}/${kind}`, { untilMs: Date.now() + HOUR_MS, reason: "x" });
  };

  async function call(token: string, method: string, path: string, body?: unknown): Promise<boolean> {
    try {
      const response = await fetch(`${api}${path}`, {
        method,
        signal: AbortSignal.timeout(10_000),
        headers: { "content-type": "application/json", authorization: `Bearer ${token}` },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      return response.ok;
    } catch {
      return false;
    }
  }
}
