/**
 * A client that does all that the contract asks of one, without a screen: resumes, joins again at a gap, keeps its messages
 * until they are safe. It keeps a journal of what it sent and showed.
 */
import type {
  Joined,
  Presence,
  RefusedFrame,
  RoomEvent,
  ServerFrame,
} from "../../../shared/server-frames.ts";
import { type Attempt, newAttempt } from "./journal.ts";
import { createReplica } from "./received-log.ts";
import { createLine, type LineSettings, type Link } from "./reconnecting-client.ts";
import { createOutbox } from "./sent-log.ts";
import { createSilence } from "./silence.ts";

export type FaultClient = ReturnType<typeof createClient>;
export type ClientSettings = LineSettings & { room: string; index: number };

const RETRY_MS = 1_000;

export function createClient({ room, index, ...settings }: ClientSettings) {
  const replica = createReplica(`client ${index}`);
  const outbox = createOutbox();
  const silence = createSilence();
  const line = createLine(settings, { welcome: join, frame: hear });
  /** Head of the presence frame before: what is still missing when the next one comes was missed. */
  let expected = 0;
  let people = 0;
  let frozen: Link | null = null;

  function join(link: Link): void {
    link.joined = "asked";
    const since = replica.position();
    link.asked = { at: performance.now(), since: since?.seq ?? null };
    link.connection.send({ type: "join", room, ...(since ? { since } : {}) });
  }

  const isJoined = (): boolean => line.current()?.joined === "yes";

  const write = (link: Link, message: Attempt): void => {
    message.writes.push(link.serial);
    const { clientId, text, target } = message;
    link.connection.send(
      target ? { type: "delete", room, seq: target.seq, clientId } : { type: "send", room, clientId, text },
    );
  };

  const writeDue = (): void => {
    const link = line.current();
    if (link?.joined === "yes") for (const message of outbox.due(link.serial)) write(link, message);
  };

  const add = (message: Pick<Attempt, "clientId" | "text" | "target">): void => {
    outbox.add(newAttempt({ ...message, sender: index }));
    writeDue();
  };

  const onJoined = (link: Link, frame: Joined): void => {
    if (!line.takeOver(link)) return;
    link.joined = "yes";
    expected = 0;
    const { asked } = link;
    link.asked = null;
    if (replica.joined(frame, asked)) outbox.renew();
    silence.heard(frame.events.length);
    writeDue();
  };

  const onPresence = (link: Link, frame: Presence): void => {
    outbox.stored(frame.stored);
    people = frame.people;
    if (link.joined === "yes" && replica.seq() < expected) join(link);
    expected = frame.head;
  };

  const onRefused = (link: Link, frame: RefusedFrame): void => {
    const { clientId, retryAfterMs = RETRY_MS } = frame;
    if (clientId === undefined) {
      // It was the join that was refused.
      if (link.joined === "asked") line.after(retryAfterMs, () => link.joined === "asked" && join(link));
      return;
    }
    const wait = outbox.refused(clientId, frame.code, retryAfterMs);
    if (wait === null) return;
    line.after(wait, () => {
      outbox.forget(clientId);
      writeDue();
    });
  };

  const onEvent = (link: Link, event: RoomEvent): void => {
    if (link.joined !== "yes") return;
    if (replica.event(event)) silence.heard(1);
    else join(link);
  };

  function hear(link: Link, frame: ServerFrame): void {
    if (frame.type === "joined") onJoined(link, frame);
    else if (frame.type === "ack") outbox.acknowledged(frame, performance.now());
    else if (frame.type === "refused") onRefused(link, frame);
    else if (link !== line.current()) return;
    else if (frame.type === "presence") onPresence(link, frame);
    else if (frame.type === "move") line.move(frame.withinMs);
    else if (frame.type === "message" || frame.type === "deleted" || frame.type === "notice")
      onEvent(link, frame);
  }

  return {
    outbox,
    silence,
    closes: line.closes,
    receiver: replica.receiver,
    seq: replica.seq,
    joined: isJoined,
    people: (): number => people,
    connect: line.connect,
    leave: line.leave,
    say: (clientId: string, text: string): void => add({ clientId, text, target: null }),
    /** Deletes the newest of its own messages that it may, if there is one. */
    takeBack(clientId: string): void {
      const target = outbox.newestKept();
      if (target) add({ clientId, text: "", target });
    },
    cut: () => line.current()?.connection.cut(),
    frozen: (): boolean => frozen !== null,
    freeze(): void {
      frozen = line.current();
      silence.stop();
      frozen?.connection.freeze();
    },
    thaw(): void {
      frozen?.connection.thaw();
      frozen = null;
    },
  };
}
