/** A gateway, put together. The order here is the order of life; closing runs backwards. */
import { App } from "uWebSockets.js";
import { createClusterName, readClusterName } from "../shared/server/cluster-settings.ts";
import { openConnectionScripts } from "../shared/server/connection-scripts.ts";
import { openDatabase } from "../shared/server/database.ts";
import { serveInternal } from "../shared/server/internal-server.ts";
import { runProcess } from "../shared/server/lifecycle.ts";
import { openNewsScripts } from "../shared/server/news-scripts.ts";
import { connectPostgres } from "../shared/server/postgres.ts";
import { openControlScripts, openPresenceScripts } from "../shared/server/presence-scripts.ts";
import { openCommands, openSubscriber } from "../shared/server/redis.ts";
import { createRedisKeys } from "../shared/server/redis-keys.ts";
import { keptSince } from "../shared/server/retention.ts";
import { openRoomScripts } from "../shared/server/room-scripts.ts";
import { createTokens } from "../shared/server/tokens.ts";
import { ANSWER_MS, STATEMENT_MS } from "../shared/timeouts.ts";
import { createAccounts } from "./accounts.ts";
import { listen, type RegisteredApp, registerApp } from "./app.ts";
import { createArchivedHistory } from "./archived-history.ts";
import { createBans } from "./bans.ts";
import { createBoundedQueries } from "./bounded-queries.ts";
import { createBus } from "./bus.ts";
import { createClientErrors } from "./client-errors.ts";
import { createClosedAccounts } from "./closed-accounts.ts";
import { createConnectionRecords } from "./connection-records.ts";
import { controlKeepMs, createControl } from "./control.ts";
import { createControlEffects } from "./control-effects.ts";
import { createDeletions } from "./deletions.ts";
import { createEndedSessions } from "./ended-sessions.ts";
import { createHttpLimits } from "./http-limits.ts";
import { createIdentities } from "./identities.ts";
import { createInternalErrors } from "./internal-errors.ts";
import { createMessages } from "./messages.ts";
import { createMetrics } from "./metrics.ts";
import { createModeration } from "./moderation.ts";
import { createNotices } from "./notices.ts";
import { createOwnSessions } from "./own-sessions.ts";
import { createPasswords } from "./passwords.ts";
import { createPast } from "./past.ts";
import { createPeople } from "./people.ts";
import { createPresence } from "./presence.ts";
import { createProfile } from "./profile.ts";
import { createPulse } from "./pulse.ts";
import { createReadiness, waitForWorld } from "./readiness.ts";
import { openReadingBack } from "./reading-back.ts";
import { createRefreshTokens } from "./refresh-tokens.ts";
import { createReports } from "./reports.ts";
import { createRestore } from "./restore.ts";
import { createRoomClosing } from "./room-closing.ts";
import type { RoomLog } from "./room-log.ts";
import { createRoomSettings } from "./room-settings.ts";
import { createRooms } from "./rooms.ts";
import { createSessions } from "./sessions.ts";
import { createSpamMutes } from "./spam-mutes.ts";
import { createTokenUses } from "./token-uses.ts";
import { createWhichRooms } from "./which-rooms.ts";
import { createAnswerLimit } from "./ws/answer-limit.ts";
import { CROWD, createCaps } from "./ws/caps.ts";
import { createConnects } from "./ws/connects.ts";
import { drain } from "./ws/drain.ts";
import { createFrameLimit } from "./ws/frame-limit.ts";
import { createSockets } from "./ws/sockets.ts";
import { ROOM_NEWS, topicOf } from "./ws/topic.ts";

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
  const memoryOf = (room: string): RoomLog | undefined => rooms.loaded(room)?.log;
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
  const notices = createNotices({
    scripts: { ...scripts, ...openNewsScripts(redis, keys) },
    restore,
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
    restore,
    messageChars,
    onRestricted,
    onSent: metrics.message,
  });

  const deletions = createDeletions({ users, scripts, queries: roomQueries, restore });

  const presence = createPresence(presenceScripts, keys);
  onClose("presence", presence.close);
  const { redis: onRedis, bus: onBus } = readiness;
  const records = createConnectionRecords(openConnectionScripts(redis, keys), name, presence.boot);
  onClose("records", () => records.flush(true));
  const pulse = createPulse({
    ...{ rooms, presence, control, bus, records, scripts, keys },
    ...{ publish, onRedis, onBus, onInternalError },
  });
  onClose("pulse", pulse.close);

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
