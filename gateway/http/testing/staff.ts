/** Moderators and admins for tests of the HTTP API, and the control events of their acts. */
import { call, signUp, type Visitor } from "./client.ts";
import type { Api } from "./start-api.ts";

/** @param api called once the tests run. */
export function createStaff(api: () => Api) {
  return { signUpAs, act, newsOf };

  async function signUpAs(role: "moderator" | "admin"): Promise<Visitor> {
    const visitor = await signUp(api());
    await api().sql`update users set role = ${role} where id = ${visitor.user.id}`;
    return visitor;
  }

  /** @param line such as `PATCH /api/rooms/tea`. */
  function act(by: Visitor, line: string, body?: unknown): ReturnType<typeof call> {
    return call(api(), line, { bearer: by.accessToken, ...(body === undefined ? {} : { body }) });
  }

  /** @returns the control events of this kind with this id. */
  function newsOf(kind: string, id: string): unknown[] {
    return api().notified.filter((news) => news[0] === kind && JSON.stringify(news).includes(id));
  }
}
