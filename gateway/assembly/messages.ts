/** Wires the write path: messages of members, and notices about them. */
import type { Control } from "../control/control-log.ts";
import { createMentionNames } from "../mentions/mention-names.ts";
import { createAcceptTimes } from "../messages/accept-times.ts";
import { createDeletions, type Sightings } from "../messages/delete.ts";
import { createExtras } from "../messages/extras.ts";
import { createNotices } from "../messages/notices.ts";
import { createMessages } from "../messages/send.ts";
import { createSpamMutes } from "../messages/spam-mutes.ts";
import { createAcknowledge } from "../ws/acknowledgements.ts";
import type { Node } from "./node.ts";
import type { People } from "./people.ts";
import type { RoomLogs } from "./room-logs.ts";
import type { Rooms } from "./rooms.ts";
import type { Stores } from "./stores.ts";

type Needs = {
  people: People;
  roomLogs: RoomLogs;
  rooms: Pick<Rooms, "access">;
  control: Control;
  sightings: Sightings;
};

export function openNotices({ log, onInternalError }: Node, stores: Stores, { roomLog }: RoomLogs) {
  return createNotices({ scripts: stores.noticeStore, roomLog, log, onInternalError });
}

export function openMessages({ config, log, metrics }: Node, stores: Stores, needs: Needs) {
  const { people, roomLogs, rooms, control, sightings } = needs;
  const { users, admit, keepMute } = people;
  const { messageChars } = config;
  const namesOf = createMentionNames({
    cached: users.cached,
    listByIds: stores.queries.users.listByIds,
  });
  const sending = {
    ...{ scripts: stores.roomLogStore, log: roomLogs.roomLog, messageChars },
    extrasOf: createExtras(namesOf, roomLogs.findReplyTarget, messageChars),
    onSent: metrics.message,
  };
  const messages = createMessages({
    ...{ ...sending, admit },
    onRestricted: createSpamMutes(control, keepMute, log),
  });
  const queries = stores.queries.archive;
  const roomOf = roomLogs.rooms.loaded;
  const times = createAcceptTimes(metrics.accepted, roomOf);
  const acknowledge = createAcknowledge(roomOf);
  return {
    messages,
    /** For bots, which no rate holds and no spam rule mutes. */
    messagesOfBots: createMessages({
      ...{ ...sending, admit: people.admitBot },
      onRestricted: async () => undefined,
    }),
    times,
    acknowledge,
    deletions: createDeletions({
      ...{ users, log: roomLogs.roomLog, queries, sightings },
      moderates: rooms.access.mayModerate,
    }),
  };
}
