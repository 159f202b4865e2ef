/** Guests of a cluster, each on a gateway chosen by nginx. */
export type Guest = { gateway: string; closed: () => boolean; close: () => void };

/** A guest's socket through nginx, once it has its `welcome`. */
export function openGuest(url: string): Promise<Guest> {
  const socket = new WebSocket(`${url.replace("http", "ws")}/ws`);
  let closed = false;
  socket.addEventListener("close", () => {
    closed = true;
  });
  return new Promise((resolve, reject) => {
    socket.addEventListener("error", () => reject(new Error("the socket failed")));
    socket.addEventListener("open", () => socket.send(JSON.stringify({ type: "hello", v: 1 })));
    socket.addEventListener("message", ({ data }) => {
      const first = [JSON.parse(String(data))].flat()[0] as { type: string; gateway: string };
      if (first.type === "welcome")
        resolve({ gateway: first.gateway, closed: () => closed, close: () => socket.close() });
    });
  });
}

export const openGuests = (url: string, count: number): Promise<Guest[]> =>
  Promise.all(Array.from({ length: count }, () => openGuest(url)));
