/** A gateway, put together. The order here is the order of life; closing runs backwards. */
import { App } from "uWebSockets.js";
import { createTokens } from "../shared/server/identity/access-tokens.ts";
import { createClusterName, readClusterName } from "../shared/server/postgres/cluster-settings.ts";
import { openDatabase } from "../shared/server/postgres/deadline.ts";
import { connectPostgres } from "../shared/server/postgres/pool.ts";
import { serveInternal } from "../shared/server/process/internal-server.ts";
import { runProcess } from "../shared/server/process/lifecycle.ts";
import { keptSince } from "../shared/server/process/retention.ts";
import { openCommands, openSubscriber } from "../shared/server/redis/connect.ts";
import { openConnectionScripts } from "../shared/server/redis/connection-record-store.ts";
import { createRedisKeys } from "../shared/server/redis/keys.ts";
import { openNewsScripts } from "../shared/server/redis/notice-store.ts";
import { openControlScripts, openPresenceScripts } from "../shared/server/redis/presence-store.ts";
import { openRoomScripts } from "../shared/server/redis/room-log-store.ts";
import { ANSWER_MS, STATEMENT_MS } from "../shared/timeouts.ts";
import { createAccounts } from "./accounts/accounts.ts";
import { createPasswords } from "./accounts/passwords/hasher.ts";
import { createProfile } from "./accounts/profile.ts";
import { listen, type RegisteredApp, registerApp } from "./app.ts";
import { createControlEffects } from "./apply-control-events.ts";
import { startRepeatedTasks } from "./assembly/repeated-tasks.ts";
import { createBoundedQueries } from "./bounded-queries.ts";
import { createBans } from "./control/ban-list.ts";
import { controlKeepMs, createControl } from "./control/control-log.ts";
import { createEndedSessions } from "./control/ended-sessions.ts";
import { createIdentities } from "./control/identity-cache.ts";
import { createPast } from "./earlier-events.ts";
import { createClosedAccounts } from "./events/closed-accounts.ts";
import { createArchivedHistory } from "./history/archived-history.ts";
import { createClientErrors } from "./http/client-error-log.ts";
import { createInternalErrors } from "./internal-errors.ts";
import { createHttpLimits } from "./limits/http-rate-limits.ts";
import { createDeletions } from "./messages/delete.ts";
import { createNotices } from "./messages/notices.ts";
import { createMessages } from "./messages/send.ts";
import { createSpamMutes } from "./messages/spam-mutes.ts";
import { createMetrics } from "./metrics.ts";
import { createModeration } from "./moderation/moderation.ts";
import { createReports } from "./moderation/reports.ts";
import { createPeople } from "./people.ts";
import { createConnectionRecords } from "./presence/connection-records.ts";
import { createPresence } from "./presence/presence.ts";
import { createReadiness, waitForWorld } from "./readiness.ts";
import { openReadingBack } from "./reading-back.ts";
import { createRestore } from "./recovery/recover-room.ts";
import type { EventBuffer } from "./room-log/event-buffer.ts";
import { createRooms } from "./room-log/live-rooms.ts";
import { createRoomLog } from "./room-log/room-log.ts";
import { createRoomClosing } from "./rooms/room-closing.ts";
import { createRoomSettings } from "./rooms/room-settings.ts";
import { createWhichRooms } from "./rooms/rooms.ts";
import { createOwnSessions } from "./sessions/own-sessions.ts";
import { createRefreshTokens } from "./sessions/refresh-tokens.ts";
import { createSessions } from "./sessions/sessions.ts";
import { createTokenUses } from "./sessions/token-uses.ts";
import { createBus } from "./subscriber.ts";
import { createAnswerLimit } from "./ws/answer-limit.ts";
import { createConnects } from "./ws/connect-rate.ts";
import { CROWD, createCaps } from "./ws/connection-limits.ts";
import { createSockets } from "./ws/connections.ts";
import { drain } from "./ws/drain.ts";
import { createFrameLimit } from "./ws/frame-limit.ts";
import { ROOM_NEWS, topicOf } from "./ws/topics.ts";

const DAY_MS = 86_400_000;
const POSTGRES_CONNECTIONS = 8;
/** All behind one address share its limits. */
const CROWD_WORDS = `${CROWD} sockets come from one address: if it is that of a proxy in front of nginx, name it to nginx by set_real_ip_from (docs/settings.md)`;

await runProcess(async ({ config, log, onClose }) => {
  const { name, host, port, limits: rulesOn, accessTokenMs, messageChars } = config;
  const readiness = createReadiness();

  const database = openDatabase(() =>
    connectPostgres(config.databaseUrl, { name, max: POSTGRES_CONNECTIONS, statementMs: STATEMENT_MS }),
  );
  const { sql } = database;
  onClose("postgres", database.close);
  const keptSinceNow = (): number => keptSince(Date.now(), config.retentionDays);
  const bounds = { statementMs: STATEMENT_MS, answerMs: ANSWER_MS };
  const readingBack = openReadingBack(config, { ...bounds, keptSince: keptSinceNow });
  onClose("old pages", readingBack.close);
  const redis = openCommands(config.redisUrl, name, log);
  onClose("redis", () => redis.disconnect());
  const subscriber = openSubscriber(config.redisUrl, name, log);
  onClose("bus", () => subscriber.disconnect());
  const keys = createRedisKeys(config.keyPrefix, config.shards);
  const logBounds = { events: config.logEvents, ms: config.logMs, bytes: config.logBytes };
  const scripts = openRoomScripts(redis, keys, logBounds);
  const presenceScripts = openPresenceScripts(redis, keys);
  const all = createBoundedQueries(database, keptSinceNow);
  const { queries, sessionQueries, roomQueries, accountQueries, moderationQueries } = all;

  const app = App();
  const sockets = createSockets();
  onClose("sockets", sockets.close);
  const publish = (room: string, frame: Buffer | string): void => void app.publish(topicOf(room), frame);
  const metrics = createMetrics(
    () => sockets.count,
    () => rooms.count,
    () => rooms.setAside,
    () => readingBack.gate.waiting,
  );
  const onInternalError = createInternalErrors(log, metrics.internalError);

  // Who people are, and what they may.
  const cluster = createClusterName(() => readClusterName(sql));
  const tokens = createTokens(config.jwtKeys, accessTokenMs);
  const rules = {
    on: rulesOn,
    perSecond: config.messageRate,
    burst: config.messageBurst,
    mutesMs: config.spamMutesMs,
  };
  const { directory, roomList, openRooms, evictions, news } = createWhichRooms({
    ...{ queries: all.directoryQueries, scripts, presence: presenceScripts, onInternalError },
    searching: readingBack,
    caps: rulesOn ? { perUser: config.roomsPerUser, most: config.roomsMost } : null,
    rooms: () => rooms,
    expel: (...what) => served.expel(...what),
    listeners: () => app.numSubscribers(ROOM_NEWS),
    publish: (frame) => void app.publish(ROOM_NEWS, frame),
  });
  onClose("news", news.close);
  const people = createPeople({
    ...{ redis, keys, sql, rules, slowModeOf: openRooms.slowModeOf },
    queries: roomQueries,
    laughterCounts: config.spamLaughter,
  });
  const { users, forget, changeUser, mutes } = people;
  const bans = createBans(moderationQueries.listBans, controlKeepMs(accessTokenMs));
  const closed = createClosedAccounts(accountQueries.listClosed);
  const identities = createIdentities(users, controlKeepMs(accessTokenMs));
  const passwords = createPasswords();
  onClose("passwords", passwords.close);

  // What rooms there are, and what is said in them.
  const bus = createBus(subscriber);
  const memoryOf = (room: string): EventBuffer | undefined => rooms.loaded(room)?.log;
  const restore = createRestore({
    scripts,
    queries: all.restoreQueries,
    keys,
    memoryOf,
    logEvents: logBounds.events,
    log,
    onRestored: metrics.restored,
  });
  const onLost = (room: string): void => {
    metrics.lostLog();
    log.warn({ room }, "the log begins beyond a hole: members are told what they lack one by one");
  };
  const told = { closed, bounds: logBounds, keptSince: keptSinceNow, resumeEvents: config.resumeEvents };
  const { logs, history, backlog } = createPast({ scripts, restore, readingBack, ...told });
  const onEvents = metrics.events;
  const onSetAside = (room: string, error: unknown): void => {
    onInternalError(error, "room", { room });
    sockets.endRoom(room);
  };
  const rooms = createRooms({
    ...{ bus, logs, keys, publish, bounds: logBounds, onEvents, onLost, onSetAside },
    exists: openRooms.exists,
    keptSince: keptSinceNow,
    readable: closed.neutralBytes,
    onClosed: evictions.evict,
  });
  onClose("rooms", rooms.close);
  const roomLog = createRoomLog(scripts, restore);
  const notices = createNotices({
    scripts: openNewsScripts(redis, keys),
    roomLog,
    log,
    onInternalError,
  });
  const control = createControl({
    bus,
    scripts: openControlScripts(redis, keys),
    channel: keys.controlChannel,
    ended: createEndedSessions((now) => sessionQueries.endedSessions(now, controlKeepMs(accessTokenMs))),
    async relearn() {
      await Promise.all([bans.load(), closed.load()]);
      for (const user of await identities.relearn(moderationQueries)) sockets.change(user);
      await directory.relearn();
    },
    accessTokenMs,
    onInternalError,
    onEvent: createControlEffects({
      ...{ sockets, identities, bans, closed, directory, notices, evictions, news },
      rooms: () => rooms,
      forget,
    }),
  });
  const { keepMute } = database.bounded(ANSWER_MS, { keepMute: people.keepMute });
  const onRestricted = createSpamMutes(control, keepMute, log);
  const messages = createMessages({
    users,
    scripts,
    log: roomLog,
    messageChars,
    onRestricted,
    onSent: metrics.message,
  });

  const deletions = createDeletions({ users, log: roomLog, queries: roomQueries });

  const presence = createPresence(presenceScripts, keys);
  onClose("presence", presence.close);
  const records = createConnectionRecords(openConnectionScripts(redis, keys), name, presence.boot);
  onClose("records", () => records.flush(true));
  const heartbeat = startRepeatedTasks({
    ...{ rooms, control, bus, scripts, keys, presence, records, publish, readiness, onInternalError },
  });
  onClose("heartbeat", heartbeat.close);

  const archivedHistory = createArchivedHistory(scripts, readingBack, closed.neutral, keptSinceNow);
  const limits = createHttpLimits(redis, keys, rulesOn, config.httpRates);
  const sessionMs = config.sessionDays * DAY_MS;
  const uses = createTokenUses(sessionQueries.noteUses, log);
  onClose("token uses", uses.close);
  const sessions = createSessions({
    queries: { ...sessionQueries, findUser: queries.findUser, findBan: queries.findBan },
    ...{ tokens, refreshTokens: createRefreshTokens(config.jwtKeys) },
    ...{ endEverywhere: control.endSessions, sessionMs, log },
  });
  const accounts = createAccounts({ queries, passwords, sessions, limits });
  const served: RegisteredApp = registerApp(app, {
    sockets,
    rooms,
    presence,
    messages,
    users,
    deletions,
    scripts,
    roomExists: openRooms.exists,
    metrics,
    backlog,
    maxBackpressure: config.maxBackpressure,
    answerLimit: createAnswerLimit({ on: rulesOn, perSecond: config.joinBytes }),
    frameLimit: createFrameLimit({ on: rulesOn, perSecond: config.frameRate, burst: config.frameBurst }),
    caps: createCaps({
      ...{ on: rulesOn, perUser: config.connectionsPerUser, perIp: config.connectionsPerIp },
      onCrowd: (ip) => log.warn({ ip }, CROWD_WORDS),
    }),
    connects: createConnects({ on: rulesOn, perUser: config.connectsPerUser, perIp: config.connectsPerIp }),
    records,
    hello: {
      tokens,
      identities,
      isEnded: control.isEnded,
      banOf: bans.of,
      gateway: name,
      messageChars,
      uses,
    },
    http: {
      config,
      log,
      onInternalError,
      sessionMs,
      tokens,
      uses,
      cluster: cluster.name,
      ...{ control, queries, limits, sessions, accounts, roomList, history },
      rooms: directory,
      mutes,
      visits: all.directoryQueries,
      roomClosing: createRoomClosing({ sql, scripts, directory, control, notices }),
      notReady: readiness.reasons,
      profile: createProfile({ sql, changeUser, mutes, accounts, passwords, sessions, limits, control }),
      ownSessions: createOwnSessions({ sql, queries: accountQueries, sessions }),
      moderation: createModeration({ changeUser, mutes, control, sessions }),
      reports: createReports({ sql, queries: moderationQueries, limits, history, archivedHistory }),
      roomSettings: createRoomSettings({ sql, directory, control, notices, mutes }),
      archivedHistory,
      clientErrors: createClientErrors({ log, limits, count: metrics.clientError }),
      people: presence.people,
      onRoomCreated: control.roomCreated,
    },
  });

  const internal = { host: config.internalHost, port: config.internalPort };
  onClose("metrics", await serveInternal(internal, metrics.registry));
  const stopListening = await listen(app, host, port);
  onClose("clients", () => drain(sockets, served.inFlight, config.drainMs));
  onClose("listener", stopListening);
  onClose("readiness", readiness.draining);
  await waitForWorld(
    { sql, redis, subscriber, shards: config.shards, follow: [cluster.learn, control.start], readiness },
    log,
  );
});
