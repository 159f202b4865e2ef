/** Starts a gateway. Parts are opened in this order and closed in reverse. */
import { App } from "uWebSockets.js";
import { runProcess } from "../shared/server/process/lifecycle.ts";
import { openApi } from "./assembly/api.ts";
import { openCommands } from "./assembly/commands.ts";
import { openControl } from "./assembly/control.ts";
import { openFollowing } from "./assembly/following.ts";
import { openJoining } from "./assembly/joining.ts";
import { openMembership } from "./assembly/membership.ts";
import { openMentions } from "./assembly/mentions.ts";
import { openMessages, openNotices } from "./assembly/messages.ts";
import { openNode } from "./assembly/node.ts";
import { openPeople } from "./assembly/people.ts";
import { openPresence } from "./assembly/presence.ts";
import { openReactions } from "./assembly/reactions.ts";
import { startRepeatedTasks } from "./assembly/repeated-tasks.ts";
import { openRoomLogs } from "./assembly/room-logs.ts";
import { openEvictions, openRooms } from "./assembly/rooms.ts";
import { openPorts, openTransports } from "./assembly/serve.ts";
import { openSessions } from "./assembly/sessions.ts";
import { openSockets } from "./assembly/sockets.ts";
import { watchStores } from "./assembly/store-watch.ts";
import { openStores } from "./assembly/stores.ts";
import { createReadiness } from "./readiness.ts";
import { startUp } from "./start-up.ts";

await runProcess(async (life) => {
  const readiness = createReadiness();
  const node = openNode(life);
  const stores = openStores(node);
  const app = App();
  const sockets = openSockets(node, app);
  const membership = openMembership(node, stores, sockets, readiness);

  // Rooms, people, messages.
  const rooms = openRooms(node, stores, sockets);
  const people = openPeople(node, stores, rooms.openRooms.slowModeOf);
  const roomLogs = openRoomLogs(node, stores, rooms, people, sockets);
  const reactions = openReactions(node, stores, roomLogs, people);
  const notices = openNotices(node, stores, roomLogs);

  // Presence, evictions, and the events of other gateways about them.
  const { presence, records, fronts } = openPresence(node, stores);
  const joining = openJoining(node, roomLogs, presence, sockets);
  const follows = openFollowing(node, stores, rooms, roomLogs);
  const evictions = openEvictions(node, rooms, roomLogs, joining);
  const control = openControl(node, stores, {
    ...{ people, rooms, roomLogs, sockets, notices, evictions, follows },
  });
  startRepeatedTasks(node, stores, {
    ...{ control, presence, records, fronts, sockets, readiness, evictions },
    roomLogs: { ...roomLogs, gathering: reactions.gathering },
  });

  // The clients' side.
  const sessions = openSessions(node, stores, control);
  const messages = openMessages(node, stores, {
    ...{ people, roomLogs, rooms, control },
    sightings: follows.sightings,
  });
  const commands = await openCommands(node, stores, { people, roomLogs, rooms, control, sessions, messages });
  const api = openApi(node, stores, {
    ...{ people, rooms, sessions, control, presence, readiness },
    writing: { notices, deletions: messages.deletions },
    roomLogs: { ...roomLogs, mentions: openMentions(stores, rooms, roomLogs), reactions: reactions.reads },
  });
  const inFlight = openTransports(node, stores, app, sockets, {
    ...{ people, rooms, sessions, presence, records, api },
    messages: { ...messages, react: reactions.react },
    joining: { ...joining, follows: follows.followRooms },
  });
  node.metrics.watch({
    connections: () => sockets.all.count,
    rooms: () => roomLogs.rooms.count,
    roomsSetAside: () => roomLogs.rooms.setAside,
    readsWaiting: () => stores.readingBack.gate.waiting,
  });
  await openPorts(node, app, sockets, inFlight, readiness);
  const follow = [stores.clusterName.learn, membership.join, control.start, follows.start, commands.prepare];
  const found = await startUp({ ...stores, follow, readiness, config: life.config }, life.log);
  watchStores(node, stores, readiness, found);
  commands.start();
});
