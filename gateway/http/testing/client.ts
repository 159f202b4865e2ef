/** A client of the API for tests: the answer in one piece, the cookie taken out. */
import type { SessionAnswer } from "../../../shared/http-api.ts";
import type { Api } from "./start-api.ts";

type Request = { body?: unknown; cookie?: string; bearer?: string; headers?: Record<string, string> };
export type Reply = {
  status: number;
  headers: Headers;
  // biome-ignore lint/suspicious/noExplicitAny: a test names the field it expects
  body: any;
  /** `name=value` of the cookie that was set; empty: removed or none. */
  cookie: string;
};

export async function call(api: Api, line: string, request: Request = {}): Promise<Reply> {
  const [method = "GET", path = "/"] = line.split(" ");
  const headers: Record<string, string> = { ...request.headers };
  if (request.cookie) headers.cookie = request.cookie;
  if (request.bearer) headers.authorization = `Bearer ${request.bearer}`;
  if (request.body !== undefined) headers["content-type"] ??= "application/json";
  const raw = typeof request.body === "string" || request.body instanceof Uint8Array;
  const body = raw ? (request.body as string) : JSON.stringify(request.body);
  const response = await fetch(`${api.url}${path}`, {
    method,
    headers,
    ...(request.body === undefined ? {} : { body }),
  });
  const text = await response.text();
  const isPlain = response.headers.get("content-type")?.startsWith("text/plain");
  const cookie = response.headers.get("set-cookie")?.split(";")[0] ?? "";
  return {
    status: response.status,
    headers: response.headers,
    body: isPlain ? text : text === "" ? null : JSON.parse(text),
    cookie: cookie.endsWith("=") ? "" : cookie,
  };
}

let people = 0;

/** A person with names that nobody else has. */
export function newPerson() {
  people += 1;
  return { email: `person${people}@example.com`, password: "correct horse", nickname: `person ${people}` };
}

export type Visitor = SessionAnswer & { cookie: string; email: string; password: string };

export async function signUp(api: Api): Promise<Visitor> {
  const person = newPerson();
  const { status, body, cookie } = await call(api, "POST /api/signup", { body: person });
  if (status !== 201) throw new Error(`sign-up answered ${status}`);
  return { ...(body as SessionAnswer), cookie, email: person.email, password: person.password };
}
