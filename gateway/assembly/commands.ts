/** Wires the commands of bots from Kafka. Nothing of it is loaded where no settings ask for it. */
import { topicNames } from "../../shared/server/kafka/topics.ts";
import { COMMANDS_CONNECTIONS } from "../../shared/server/postgres/lane-sizes.ts";
import { ANSWER_MS, STATEMENT_MS } from "../../shared/timeouts.ts";
import { createBots } from "../accounts/bots.ts";
import type { Control } from "../control/control-log.ts";
import { createAnnounce } from "../messages/announce.ts";
import type { Deletions } from "../messages/delete.ts";
import type { Messages } from "../messages/send.ts";
import { openModeration } from "./moderation.ts";
import type { Node } from "./node.ts";
import type { People } from "./people.ts";
import type { RoomLogs } from "./room-logs.ts";
import type { Rooms } from "./rooms.ts";
import type { SessionParts } from "./sessions.ts";
import type { Stores } from "./stores.ts";

type Needs = {
  people: Pick<People, "users" | "mutes" | "changeUser">;
  rooms: Pick<Rooms, "access" | "openRooms">;
  roomLogs: Pick<RoomLogs, "roomLog">;
  sessions: Pick<SessionParts, "sessions">;
  control: Pick<Control, "restricted" | "banned" | "userChanged">;
  messages: { messagesOfBots: Messages; deletions: Deletions };
};

/** @returns `prepare`: to be done before the gateway is ready; `start`: takes commands from then on. */
export async function openCommands(node: Node, stores: Stores, needs: Needs) {
  const { config, onClose } = node;
  if (config.kafkaBrokers.length === 0 || config.kafkaCommandKeys.length === 0)
    return { prepare: async () => undefined, start: () => undefined };
  const [door, kafka] = await Promise.all([
    import("../commands/open-commands.ts"),
    import("../../shared/server/kafka/client.ts"),
  ]);
  const database = stores.openLane("commands", {
    ...{ connections: COMMANDS_CONNECTIONS, isSession: true },
    ...{ statementMs: STATEMENT_MS, limitMs: ANSWER_MS },
  });
  const { commands: topic } = topicNames(config.kafkaTopics);
  const commands = door.openCommands({
    ...{ sql: database.sql, keys: config.kafkaCommandKeys },
    kafka: { access: kafka.kafkaAccessOf(config), name: config.name, topic },
    bots: createBots({ queries: stores.queries.bots, changeUser: needs.people.changeUser }),
    execution: openExecution(stores, needs),
    ...{ log: node.log, registry: node.metrics.registry, onInternalError: node.onInternalError },
  });
  onClose("lane of commands", database.close);
  onClose("commands", commands.close);
  return commands;
}

function openExecution(stores: Stores, needs: Needs) {
  const { people, rooms, roomLogs, messages } = needs;
  const { access, openRooms } = rooms;
  return {
    ...{ messages: messages.messagesOfBots, deletions: messages.deletions },
    rooms: { mayWrite: access.mayWrite, exists: openRooms.exists },
    announce: createAnnounce({
      ...{ users: people.users, mutes: people.mutes, log: roomLogs.roomLog, moderates: access.mayModerate },
    }),
    moderation: openModeration(stores, {
      ...{ people, roomLogs, control: needs.control, sessions: needs.sessions.sessions },
    }),
    scripts: stores.roomLogStore,
  };
}
