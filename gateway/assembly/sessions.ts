/** Wires tokens and their sessions. */
import { createTokens } from "../../shared/server/identity/access-tokens.ts";
import type { Control } from "../control/control-log.ts";
import { createRefreshTokens } from "../sessions/refresh-tokens.ts";
import { createSessions } from "../sessions/sessions.ts";
import { createTokenUses } from "../sessions/token-uses.ts";
import type { Node } from "./node.ts";
import type { Stores } from "./stores.ts";

export type SessionParts = ReturnType<typeof openSessions>;

const DAY_MS = 86_400_000;

type SessionNode = Pick<Node, "log" | "onClose"> & {
  config: Pick<Node["config"], "sessionDays" | "jwtKeys" | "accessTokenMs">;
};

export function openSessions(
  { config, log, onClose }: SessionNode,
  stores: { queries: Pick<Stores["queries"], "sessions" | "users"> },
  control: Pick<Control, "endSessions" | "isEnded">,
) {
  const { sessions: queries, users } = stores.queries;
  const sessionMs = config.sessionDays * DAY_MS;
  const tokens = createTokens(config.jwtKeys, config.accessTokenMs);
  const uses = createTokenUses(queries.noteUses, log);
  onClose("token uses", uses.close);
  const sessions = createSessions({
    ...{ queries, findUser: users.find, findBan: users.findBan },
    ...{ tokens, refreshTokens: createRefreshTokens(config.jwtKeys) },
    ...{ endEverywhere: control.endSessions, sessionMs, log },
  });
  return { tokens, uses, sessions, sessionMs, isEnded: control.isEnded };
}
