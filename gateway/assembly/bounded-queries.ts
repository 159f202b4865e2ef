/** The queries of all rooms on the gateway's pool, each with a deadline. */
import type { Database } from "../../shared/server/postgres/database.ts";
import { ANSWER_MS } from "../../shared/timeouts.ts";
import { createAccountQueries } from "../accounts/account-queries.ts";
import { createBotQueries } from "../accounts/bot-queries.ts";
import { createUserQueries } from "../accounts/user-queries.ts";
import { createPositionQueries } from "../following/position-queries.ts";
import { createArchiveQueries } from "../history/archive-queries.ts";
import { createAuthorQueries } from "../history/author-queries.ts";
import { createReactionQueries } from "../messages/reactions/reaction-queries.ts";
import { createModerationQueries } from "../moderation/moderation-queries.ts";
import { createRaidQueries } from "../moderation/raid-queries.ts";
import { createReportsQueries } from "../moderation/reports-queries.ts";
import { createConnectionQueries } from "../presence/connection-queries.ts";
import { createPushQueries } from "../push/push-queries.ts";
import type { KeptSince } from "../room-log/retention.ts";
import { createInvitationQueries } from "../rooms/invitation-queries.ts";
import { createMemberReads } from "../rooms/member-queries.ts";
import { createPinQueries } from "../rooms/pin-queries.ts";
import { createRoomQueries } from "../rooms/room-queries.ts";
import { createSessionQueries } from "../sessions/session-queries.ts";

/** @param keptSince events from before this moment are past their retention. */
export const createBoundedQueries = ({ bounded }: Pick<Database, "bounded">, keptSince: KeptSince) => ({
  accounts: bounded(ANSWER_MS, createAccountQueries),
  bots: bounded(ANSWER_MS, createBotQueries),
  users: bounded(ANSWER_MS, createUserQueries),
  sessions: bounded(ANSWER_MS, createSessionQueries),
  connections: bounded(ANSWER_MS, createConnectionQueries),
  rooms: bounded(ANSWER_MS, createRoomQueries),
  positions: bounded(ANSWER_MS, createPositionQueries),
  members: bounded(ANSWER_MS, createMemberReads),
  invitations: bounded(ANSWER_MS, createInvitationQueries),
  push: bounded(ANSWER_MS, createPushQueries),
  archive: bounded(ANSWER_MS, (sql) => createArchiveQueries(sql, keptSince)),
  authors: bounded(ANSWER_MS, createAuthorQueries),
  reactions: bounded(ANSWER_MS, createReactionQueries),
  moderation: bounded(ANSWER_MS, createModerationQueries),
  pins: bounded(ANSWER_MS, createPinQueries),
  raid: bounded(ANSWER_MS, createRaidQueries),
  reports: bounded(ANSWER_MS, createReportsQueries),
});
