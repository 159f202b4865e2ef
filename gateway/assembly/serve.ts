/** Lets clients in: first their handlers, then the port. Lets go of them at the shutdown. */
import type { TemplatedApp } from "uWebSockets.js";
import { serveInternal } from "../../shared/server/process/internal-server.ts";
import { type AppDeps, listen, registerApp } from "../app.ts";
import type { Readiness } from "../readiness.ts";
import { drain } from "../ws/drain.ts";
import type { Node } from "./node.ts";
import type { People } from "./people.ts";
import type { Rooms } from "./rooms.ts";
import type { SessionParts } from "./sessions.ts";
import type { Sockets } from "./sockets.ts";
import type { Stores } from "./stores.ts";

type Needs = Pick<AppDeps, "joining" | "records"> & {
  people: Pick<People, "users" | "identities" | "bans" | "raid">;
  rooms: Pick<Rooms, "openRooms" | "access">;
  sessions: SessionParts;
  messages: Pick<AppDeps["writing"], "messages" | "deletions" | "react" | "times" | "acknowledge">;
  presence: AppDeps["writing"]["presence"];
  api: AppDeps["http"];
};

/** Registers every frame and route. @returns a count of the frames being handled. */
export function openTransports(
  { config, metrics }: Node,
  stores: Stores,
  app: TemplatedApp,
  sockets: Sockets,
  { joining, records, api, people, rooms, sessions, messages, presence }: Needs,
): () => number {
  const { tokens, uses, isEnded } = sessions;
  const { inFlight } = registerApp(app, {
    sockets: sockets.all,
    limits: sockets.limits,
    joining,
    hello: {
      ...{ tokens, uses, identities: people.identities },
      ...{ isEnded, banOf: people.bans.of },
      node: {
        ...{ gateway: config.name, messageChars: config.messageChars },
        tooNewMs: people.raid.waitMs,
        messageRate: config.limits
          ? { messagesPerSecond: config.messageRate, messageBurst: config.messageBurst }
          : undefined,
      },
    },
    writing: {
      ...{ ...messages, users: people.users, presence, scripts: stores.roomLogStore },
      door: { ...rooms.access, exists: rooms.openRooms.exists },
    },
    ...{ records, metrics, http: api },
  });
  return inFlight;
}

/** Opens the port for clients; metrics have a port of their own. */
export async function openPorts(
  { config, metrics, onClose }: Node,
  app: TemplatedApp,
  sockets: Sockets,
  inFlight: () => number,
  readiness: Readiness,
): Promise<void> {
  const internal = { host: config.internalHost, port: config.internalPort };
  onClose("metrics", await serveInternal(internal, metrics.registry));
  const stopListening = await listen(app, config.host, config.port);
  onClose("clients", () => drain(sockets.all, inFlight, config.drainMs));
  onClose("listener", stopListening);
  onClose("readiness", readiness.draining);
}
