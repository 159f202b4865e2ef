/**
 * A client that does all that the contract asks of one, without a screen: comes back with backoff, resumes, joins again at
 * a gap, keeps its messages until they are safe, and moves when told to. It keeps a journal of what it sent and showed.
 */
import { backoffMs } from "../../shared/backoff.ts";
import { mayComeBack } from "../../shared/codes.ts";
import { BACKOFF_FIRST_MS, BACKOFF_MOST_MS, PROTOCOL_VERSION } from "../../shared/limits.ts";
import type {
  Joined,
  Move,
  Presence,
  RefusedFrame,
  RoomEvent,
  ServerFrame,
} from "../../shared/server-frames.ts";
import { type Connection, type Decode, openConnection, type Target } from "./connection.ts";
import type { Attempt } from "./journal.ts";
import { createOutbox } from "./outbox.ts";
import { createReplica } from "./replica.ts";
import { createSilence } from "./silence.ts";

export type FaultClient = ReturnType<typeof createClient>;
export type ClientSettings = {
  target: Target;
  token: string;
  room: string;
  index: number;
  decode: Decode;
};

/** `joined`: "asked" while an answer is awaited; live events mean nothing then. */
type Link = {
  serial: number;
  connection: Connection;
  id: string;
  gateway: string;
  welcomedAt: number;
  joined: "no" | "asked" | "yes";
};

/** Only a connection that lived this long proves that coming back quickly is welcome again. */
const LASTED_MS = 10_000;
const RETRY_MS = 1_000;

let serials = 0;

export function createClient({ target, token, room, index, decode }: ClientSettings) {
  const replica = createReplica(`client ${index}`);
  const outbox = createOutbox();
  const silence = createSilence();
  const closes = new Map<number, number>();
  const timers = new Set<NodeJS.Timeout>();
  let current: Link | null = null;
  /** The one being opened: the first, one after a break, or one to move to. */
  let next: Link | null = null;
  let moving = false;
  let attempt = 0;
  let ended = false;
  /** Head of the presence frame before: what is still missing when the next one comes was missed. */
  let expected = 0;
  let people = 0;
  let frozen: Link | null = null;

  const after = (ms: number, work: () => void): void => {
    const timer = setTimeout(() => {
      timers.delete(timer);
      if (!ended) work();
    }, ms);
    timers.add(timer);
  };

  const dial = (): void => {
    // A timer may come late: the client is already where it was to go.
    if (next || ended || (current && !moving)) return;
    const replaces = current ? { replaces: current.id } : {};
    const link: Link = {
      serial: ++serials,
      connection: NONE,
      id: "",
      gateway: "",
      welcomedAt: 0,
      joined: "no",
    };
    next = link;
    link.connection = openConnection(
      target,
      { type: "hello", v: PROTOCOL_VERSION, token, ...replaces },
      decode,
      {
        welcome: (welcome) => {
          link.id = welcome.connection;
          link.gateway = welcome.gateway;
          link.welcomedAt = performance.now();
          join(link);
        },
        frame: (frame) => hear(link, frame),
        ended: (code) => lost(link, code),
      },
    );
  };

  function join(link: Link): void {
    link.joined = "asked";
    const since = replica.position();
    link.connection.send({ type: "join", room, ...(since ? { since } : {}) });
  }

  const write = (link: Link, message: Attempt): void => {
    message.writes.push(link.serial);
    link.connection.send({ type: "send", room, clientId: message.clientId, text: message.text });
  };

  const writeDue = (): void => {
    if (current?.joined !== "yes") return;
    for (const message of outbox.due(current.serial)) write(current, message);
  };

  const onJoined = (link: Link, frame: Joined): void => {
    if (link === next) {
      current?.connection.close();
      current = link;
      next = null;
      moving = false;
    } else if (link !== current) return;
    link.joined = "yes";
    expected = 0;
    if (replica.joined(frame)) outbox.renew(frame.stored);
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
      if (link.joined === "asked") after(retryAfterMs, () => link.joined === "asked" && join(link));
      return;
    }
    const wait = outbox.refused(clientId, frame.code, retryAfterMs);
    if (wait !== null) after(wait, () => writeAgain(clientId));
  };

  const onEvent = (link: Link, event: RoomEvent): void => {
    if (link.joined !== "yes") return;
    if (replica.event(event)) silence.heard(1);
    else join(link);
  };

  const onMove = ({ withinMs }: Move): void => {
    if (moving) return;
    moving = true;
    after(Math.random() * withinMs, dial);
  };

  function hear(link: Link, frame: ServerFrame): void {
    if (frame.type === "joined") onJoined(link, frame);
    else if (frame.type === "ack") outbox.acknowledged(frame, performance.now());
    else if (frame.type === "refused") onRefused(link, frame);
    else if (link !== current) return;
    else if (frame.type === "presence") onPresence(link, frame);
    else if (frame.type === "move") onMove(frame);
    else if (isEvent(frame)) onEvent(link, frame);
  }

  function writeAgain(clientId: string): void {
    const message = outbox.get(clientId);
    if (message && current?.joined === "yes") write(current, message);
    // Otherwise it goes out when the next connection has joined.
    else message?.writes.push(-1);
  }

  function lost(link: Link, code: number): void {
    closes.set(code, (closes.get(code) ?? 0) + 1);
    if (link === next) next = null;
    if (link === current) {
      current = null;
      moving = false;
      if (performance.now() - link.welcomedAt >= LASTED_MS) attempt = 0;
    }
    if (!mayComeBack(code)) ended = true;
    // While the other of the two lives, it goes on: what is being opened becomes the current one.
    else if (!next && (!current || moving))
      after(backoffMs(attempt++, BACKOFF_FIRST_MS, BACKOFF_MOST_MS), dial);
  }

  return {
    index,
    outbox,
    silence,
    closes,
    receiver: replica.receiver,
    seq: replica.seq,
    connect: dial,
    joined: (): boolean => current?.joined === "yes",
    gateway: (): string => current?.gateway ?? "",
    people: (): number => people,
    say(clientId: string, text: string): void {
      outbox.add({
        clientId,
        sender: index,
        text,
        at: performance.now(),
        writes: [],
        acks: [],
        refused: null,
      });
      writeDue();
    },
    cut: () => current?.connection.cut(),
    frozen: (): boolean => frozen !== null,
    freeze(): void {
      frozen = current;
      silence.stop();
      frozen?.connection.freeze();
    },
    thaw(): void {
      frozen?.connection.thaw();
      frozen = null;
    },
    leave(): void {
      ended = true;
      for (const timer of timers) clearTimeout(timer);
      current?.connection.close();
      next?.connection.close();
    },
  };
}

const NONE: Connection = {
  send: () => undefined,
  close: () => undefined,
  cut: () => undefined,
  freeze: () => undefined,
  thaw: () => undefined,
};

const isEvent = (frame: ServerFrame): frame is RoomEvent =>
  frame.type === "message" || frame.type === "deleted" || frame.type === "notice";
