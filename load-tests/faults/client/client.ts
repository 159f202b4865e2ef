/**
 * A client that follows the whole contract, without a screen: resumes, joins again at a gap, keeps its messages until
 * they are safe. Keeps a journal of sent messages and shown events.
 */
import type {
  Joined,
  Presence,
  RefusedFrame,
  RoomEvent,
  ServerFrame,
} from "../../../shared/server-frames.ts";
import { type Attempt, isTakeBack, newAttempt } from "./journal.ts";
import { createReceivedLog } from "./received-log.ts";
import { createReconnectingClient, type Link, type ReconnectSettings } from "./reconnecting-client.ts";
import { createSentLog } from "./sent-log.ts";
import { createSilence } from "./silence.ts";
import { createWishes } from "./wishes.ts";

export type FaultClient = ReturnType<typeof createClient>;
/** `user`: the id. */
export type ClientSettings = ReconnectSettings & { room: string; index: number; user: string };

/** `mentions`: ids of users whose names are in the text. */
type Saying = { replies?: boolean; mentions?: readonly string[] | undefined };

const RETRY_MS = 1_000;

export function createClient({ room, index, user, ...settings }: ClientSettings) {
  const receivedLog = createReceivedLog(`client ${index}`);
  const sentLog = createSentLog();
  const wishes = createWishes(user);
  const silence = createSilence();
  const connections = createReconnectingClient(settings, { welcome: join, frame: onFrame });
  /** The head in the previous presence frame. Events still missing at the next one were lost. */
  let expected = 0;
  let people = 0;
  /** PostgreSQL has the room up to here, in this epoch. */
  let stored = 0;
  let frozen: Link | undefined;

  return {
    room,
    user,
    sentLog,
    wishes: wishes.all,
    /** The number of reactions that are not part of the room yet. */
    openWishes: (): number => wishes.open(receivedLog.isGone),
    /** PostgreSQL has the room up to here, by the last presence frame. */
    stored: (): number => stored,
    silence,
    closes: connections.closes,
    receiver: receivedLog.receiver,
    seq: receivedLog.seq,
    joined: (): boolean => connections.current()?.joined === "yes",
    people: (): number => people,
    connect: connections.connect,
    stayAway: connections.stayAway,
    leave: connections.leave,
    /** `replies`: to the newest stored message that may be replied to, if it shows one. */
    say: (clientId: string, text: string, { replies = false, mentions }: Saying = {}): void =>
      add({
        ...{ clientId, text, mentions, target: undefined },
        replyTo: replies ? receivedLog.repliable(stored) : undefined,
      }),
    /** The seq of the newest stored message that is never deleted. */
    repliable: (): number | undefined => receivedLog.repliable(stored),
    /** Reacts to one of the newest messages, or takes a reaction back. */
    react(nth: number): void {
      const target = receivedLog.reactable(nth);
      if (target === undefined) return;
      wishes.want(target);
      writeDue();
    },
    /** Deletes the newest of its own messages that it may, if there is one. */
    deleteOwn(clientId: string): void {
      const target = sentLog.newestKept();
      if (target) add({ clientId, text: "", target });
    },
    cut: () => connections.current()?.connection.cut(),
    frozen: (): boolean => frozen !== undefined,
    freeze(): void {
      frozen = connections.current();
      silence.stop();
      frozen?.connection.freeze();
    },
    thaw(): void {
      frozen?.connection.thaw();
      frozen = undefined;
    },
  };

  function join(link: Link): void {
    link.joined = "asked";
    const since = receivedLog.position();
    link.asked = { at: performance.now(), since: since?.seq };
    link.connection.send({ type: "join", room, ...(since ? { since } : {}) });
  }

  function add(message: Pick<Attempt, "clientId" | "text" | "target" | "replyTo" | "mentions">): void {
    sentLog.add(newAttempt({ ...message, sender: index }));
    writeDue();
  }

  function writeDue(): void {
    const link = connections.current();
    if (link?.joined !== "yes") return;
    for (const message of sentLog.due(link.serial)) write(link, message);
    for (const { clientId, target, emoji, on } of wishes.due(link.serial))
      link.connection.send({ type: "react", room, seq: target, emoji, on, clientId });
  }

  function write(link: Link, message: Attempt): void {
    message.writes.push(link.serial);
    const { clientId, text, target, replyTo, mentions } = message;
    const more = {
      ...(replyTo === undefined ? {} : { replyTo }),
      ...(mentions ? { mentions: [...mentions] } : {}),
    };
    link.connection.send(
      target
        ? { type: "delete", room, seq: target.seq, clientId, takeBack: isTakeBack(clientId) }
        : { type: "send", room, clientId, text, ...more },
    );
  }

  function onFrame(link: Link, frame: ServerFrame): void {
    if ("room" in frame && frame.room !== undefined && frame.room !== room)
      receivedLog.receiver.strays.push(`${frame.type} of ${frame.room}`);
    else if (frame.type === "joined") onJoined(link, frame);
    else if (frame.type === "ack")
      wishes.acknowledged(frame.clientId) || sentLog.acknowledged(frame, performance.now());
    else if (frame.type === "refused") onRefused(link, frame);
    else if (link !== connections.current()) return;
    else if (frame.type === "presence") onPresence(link, frame);
    else if (frame.type === "move") connections.move(frame.withinMs);
    else if (
      frame.type === "message" ||
      frame.type === "deleted" ||
      frame.type === "removed" ||
      frame.type === "reactions" ||
      frame.type === "notice"
    )
      onEvent(link, frame);
  }

  function onJoined(link: Link, frame: Joined): void {
    if (!connections.takeOver(link)) return;
    link.joined = "yes";
    expected = 0;
    const { asked } = link;
    link.asked = undefined;
    const before = stored;
    stored = frame.stored;
    const renewed = receivedLog.joined(frame, asked);
    for (const event of frame.events) if (event.type === "reactions") wishes.event(event);
    if (renewed) {
      sentLog.renew();
      wishes.renew(before);
    }
    silence.heard(frame.events.length);
    writeDue();
  }

  function onRefused(link: Link, frame: RefusedFrame): void {
    const { clientId, retryAfterMs = RETRY_MS } = frame;
    if (clientId === undefined) {
      // A refusal without a client id is about the join.
      if (link.joined === "asked")
        connections.after(retryAfterMs, () => link.joined === "asked" && join(link));
      return;
    }
    const isWish = wishes.refused(clientId, frame.code);
    if (isWish !== undefined) {
      if (isWish)
        connections.after(retryAfterMs, () => {
          wishes.forgetWrite(clientId);
          writeDue();
        });
      return;
    }
    const retryMs = sentLog.refused(clientId, frame.code, retryAfterMs);
    if (retryMs === undefined) return;
    connections.after(retryMs, () => {
      sentLog.forgetWrites(clientId, frame.code);
      writeDue();
    });
  }

  function onPresence(link: Link, frame: Presence): void {
    stored = frame.stored;
    sentLog.stored(stored);
    people = frame.people;
    if (link.joined === "yes" && receivedLog.seq() < expected) join(link);
    expected = frame.head;
  }

  function onEvent(link: Link, event: RoomEvent): void {
    if (link.joined !== "yes") return;
    if (!receivedLog.event(event)) {
      join(link);
      return;
    }
    silence.heard(1);
    if (event.type === "reactions") wishes.event(event);
  }
}
