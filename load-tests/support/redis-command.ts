/** A minimal Redis client: one command, one answer, one connection. */
import { connect } from "node:net";

const ANSWER_WITHIN_MS = 5_000;

/** @returns the answer's text without its type; of a bulk string the content. @throws Error with Redis' own words, or when it does not answer. */
export function askRedis(url: string, ...command: string[]): Promise<string> {
  const { hostname, port, password } = new URL(url);
  const commands = password ? [["AUTH", password], command] : [command];
  const socket = connect({ host: hostname, port: Number(port), timeout: ANSWER_WITHIN_MS });
  return new Promise<string>((resolve, reject) => {
    let heard = "";
    socket.on("connect", () => socket.write(commands.map(encode).join("")));
    socket.on("data", (data) => {
      heard += data.toString();
      const own = password ? heard.slice(heard.indexOf("\r\n") + 2) : heard;
      const answer = password && !heard.includes("\r\n") ? undefined : decode(own);
      if (answer instanceof Error) reject(answer);
      else if (answer !== undefined) resolve(answer);
    });
    socket.on("timeout", () => reject(new Error("Redis does not answer")));
    socket.on("error", reject);
  }).finally(() => socket.destroy());
}

const encode = (words: string[]): string =>
  `*${words.length}\r\n${words.map((word) => `$${Buffer.byteLength(word)}\r\n${word}\r\n`).join("")}`;

/** @returns undefined while the answer is not complete. */
function decode(heard: string): string | Error | undefined {
  const end = heard.indexOf("\r\n");
  if (end < 0) return undefined;
  const line = heard.slice(1, end);
  if (heard[0] === "-") return new Error(line);
  if (heard[0] !== "$") return line;
  const from = end + 2;
  const to = from + Number(line);
  return heard.length >= to + 2 ? heard.slice(from, to) : undefined;
}
