/** Questions to a process of this machine by HTTP, several a second, for as long as it runs: over one connection, without fetch. */
import { Agent, get } from "node:http";

const agent = new Agent({ keepAlive: true, maxSockets: 2 });

/** @returns the answer to this GET. @throws Error without one within `withinMs`. */
export function ask(port: number, path: string, withinMs: number): Promise<{ status: number; text: string }> {
  return new Promise((resolve, reject) => {
    const request = get({ host: "127.0.0.1", port, path, agent, timeout: withinMs }, (response) => {
      let text = "";
      response.setEncoding("utf8");
      response.on("data", (part: string) => {
        text += part;
      });
      response.on("end", () => resolve({ status: response.statusCode ?? 0, text }));
      response.on("error", reject);
    });
    request.on("timeout", () => request.destroy(new Error("no answer in time")));
    request.on("error", (error: NodeJS.ErrnoException) => {
      // The other side closed the kept connection in the moment of the question.
      if (request.reusedSocket && error.code === "ECONNRESET") resolve(ask(port, path, withinMs));
      else reject(error);
    });
  });
}
