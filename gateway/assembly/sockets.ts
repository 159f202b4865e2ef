/** Wires the sockets of this gateway, publishing to all of a room, and the limits of each. */
import type { TemplatedApp } from "uWebSockets.js";
import { forOlderClients } from "../history/older-clients.ts";
import { createAnswerLimit } from "../ws/answer-limit.ts";
import { createConnectRate } from "../ws/connect-rate.ts";
import type { Socket } from "../ws/connection.ts";
import { createConnectionLimits } from "../ws/connection-limits.ts";
import { createSockets } from "../ws/connections.ts";
import { createFrameLimit } from "../ws/frame-limit.ts";
import { ROOM_NEWS, topicOf } from "../ws/topics.ts";
import type { Node } from "./node.ts";

export type Sockets = ReturnType<typeof openSockets>;

/** All clients of that address share its limits. */
const CROWD_WORDS =
  "many sockets come from one address: if it is that of a proxy, name it by SUDA_TRUST_PROXY (docs/fronts.md)";

export function openSockets({ config, log, onClose }: Node, app: TemplatedApp) {
  const all = createSockets();
  onClose("sockets", all.close);
  const { limits: on } = config;
  return {
    all,
    /** Sends a frame to every socket in a room. */
    publish(room: string, frame: Buffer | string): void {
      app.publish(topicOf(room), frame);
      const older = topicOf(room, true);
      if (app.numSubscribers(older) > 0) app.publish(older, forOlderClients(Buffer.from(frame)));
    },
    /** For clients that show a list of rooms. */
    news: {
      listeners: (): number => app.numSubscribers(ROOM_NEWS),
      publish: (frame: string): void => void app.publish(ROOM_NEWS, frame),
    },
    limits: {
      answerLimit: createAnswerLimit({ on, perSecond: config.joinBytes }),
      frameLimit: createFrameLimit({ on, perSecond: config.frameRate, burst: config.frameBurst }),
      connectionLimits: createConnectionLimits<Socket>({
        ...{ on, perUser: config.connectionsPerUser, perIp: config.connectionsPerIp },
        onCrowd: (ip) => log.warn({ ip }, CROWD_WORDS),
      }),
      connectRate: createConnectRate({ on, perUser: config.connectsPerUser, perIp: config.connectsPerIp }),
      maxBackpressure: config.maxBackpressure,
    },
  };
}
