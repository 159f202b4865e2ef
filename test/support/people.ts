/** Users with accounts for tests of a whole cluster, created over the HTTP API, and their sockets. */
import type { ClientFrame, ClientFrameType } from "../../shared/client-frames.ts";
import type { SessionAnswer } from "../../shared/http-api.ts";
import type { enter } from "./client.ts";

export type Person = SessionAnswer & { cookie: string; password: string };
export type Answer = { status: number; body: { code?: string; [field: string]: unknown } | null };

let people = 0;

/** @param url returns the address of the cluster, once it runs. */
export function createPeople(url: () => string) {
  async function ask(line: string, by: Person | null, body?: unknown, cookie = ""): Promise<Answer> {
    const [method = "", path = ""] = line.split(" ");
    const response = await fetch(`${url()}${path}`, {
      method,
      headers: {
        ...(by ? { authorization: `Bearer ${by.accessToken}` } : {}),
        ...(cookie ? { cookie } : {}),
        ...(body === undefined ? {} : { "content-type": "application/json" }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    return { status: response.status, body: text === "" ? null : JSON.parse(text) };
  }

  const sessionFrom = async (path: string, body: object, password: string): Promise<Person> => {
    const response = await fetch(`${url()}/api/${path}`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ ...body, password }),
    });
    const cookie = response.headers.get("set-cookie")?.split(";")[0] ?? "";
    return { ...((await response.json()) as SessionAnswer), cookie, password };
  };
  const signUp = (nickname = `someone ${++people}`): Promise<Person> =>
    sessionFrom("signup", { email: `e2e${++people}@example.com`, nickname }, "not so common");
  const logInAs = (email: string, password: string): Promise<Person> =>
    sessionFrom("login", { email }, password);
  const logIn = ({ user, password }: Person): Promise<Person> => logInAs(user.email, password);
  return { ask, signUp, logIn, logInAs };
}

let said = 0;
/** Sends a message. @returns its seq, or the code of the refusal. */
export async function say(member: Awaited<ReturnType<typeof enter>>, text: string): Promise<number | string> {
  const clientId = `m${++said}`;
  member.say({ type: "send", room: member.room, clientId, text });
  const answer = await member.until("an answer", () =>
    member.frames.find(
      (each) => "clientId" in each && each.clientId === clientId && /^(ack|refused)$/.test(each.type),
    ),
  );
  return answer.type === "ack" ? answer.seq : answer.type === "refused" ? answer.code : "?";
}

/** The frames that a muted person may try, each with content of their choice. A new frame type has to be added here. */
export const SHOUTS: { [T in ClientFrameType]: (own: number, token: string) => ClientFrame } = {
  hello: (_, token) => ({ type: "hello", v: 1, token }),
  join: () => ({ type: "join", room: "lobby" }),
  auth: (_, token) => ({ type: "auth", token }),
  typing: () => ({ type: "typing", room: "lobby" }),
  send: () => ({ type: "send", room: "lobby", clientId: "shout", text: "SHOUTED" }),
  delete: (seq) => ({ type: "delete", room: "lobby", clientId: "take-back", seq }),
  react: (seq) => ({ type: "react", room: "lobby", clientId: "react", seq, emoji: "👍", on: true }),
  leave: () => ({ type: "leave", room: "lobby" }),
  follow: () => ({ type: "follow", rooms: ["lobby"] }),
  read: () => ({ type: "read", room: "lobby", seq: 1 }),
  read_all: () => ({ type: "read_all" }),
  front: () => ({ type: "front", on: true }),
  ping: () => ({ type: "ping", id: "the last" }),
};
