/** People who chat during another measurement, and the time of each of their sends. */
import { randomBytes } from "node:crypto";
import { addressOf, findCluster } from "./cluster.ts";
import { createDecoder } from "./decode.ts";
import { openClient } from "./driver.ts";
import { createRoom } from "./history.ts";
import { mintUsers } from "./support/commands.ts";

export type ChatBeside = Awaited<ReturnType<typeof openChat>>;

const PEOPLE = 20;

/**
 * Twenty people in a new room send in turn. `take`: the times from send to acknowledgement since the last call.
 * @param rate messages a second.
 */
export async function openChat(data: string | undefined, rate: number) {
  const { url } = await findCluster(data);
  const tokens = (await mintUsers(data, PEOPLE)).map(({ accessToken }) => accessToken);
  const room = `beside-${randomBytes(4).toString("hex")}`;
  await createRoom(url, tokens[0] ?? "", room);
  const sentAt = new Map<string, number>();
  const refused: string[] = [];
  let acksMs: number[] = [];
  const decode = createDecoder();
  const clients = await Promise.all(
    tokens.map((token) =>
      openClient({
        ...{ address: addressOf(url), token, room, decode },
        hear(frame) {
          if (frame.type === "refused") refused.push(frame.code);
          if (frame.type !== "ack") return;
          acksMs.push(performance.now() - (sentAt.get(frame.clientId) ?? 0));
          sentAt.delete(frame.clientId);
        },
        closed: (code) => refused.push(`closed with ${code}`),
      }),
    ),
  );
  let next = 0;
  const timer = setInterval(() => {
    const clientId = `m${next}`;
    sentAt.set(clientId, performance.now());
    clients[next++ % clients.length]?.send(clientId, `message ${clientId}`);
  }, 1_000 / rate);
  return {
    refused,
    take(): number[] {
      const taken = acksMs;
      acksMs = [];
      return taken;
    },
    stop: () => clearInterval(timer),
    unanswered: () => sentAt.size,
    close(): void {
      for (const client of clients) client.close();
    },
  };
}
