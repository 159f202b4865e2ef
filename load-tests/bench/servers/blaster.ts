/** `node blaster.ts PORT MESSAGES EVERY_MS single|array`: publishes as many messages as it can, to find out how many the driver can take. */
import { App } from "uWebSockets.js";
import { composeText } from "../driver/text.ts";

const [port, messages, everyMs] = process.argv.slice(2, 5).map(Number);
const isArray = process.argv[5] === "array";
const app = App();
const MAX_BACKLOG_BYTES = 64 * 1024 * 1024;
const USER = { id: "01a2030c-8802-73e5-a896-cbd3c4be5655", nickname: "guest-123456" };
let seq = 1_000_000;

app.ws("/ws", {
  maxBackpressure: MAX_BACKLOG_BYTES,
  open: (socket) => {
    socket.subscribe("all");
    socket.send("joined");
  },
});
setInterval(() => {
  const events = Array.from({ length: messages ?? 1 }, () => eventOf(seq++));
  if (isArray) app.publish("all", `[${events.join(",")}]`);
  else for (const event of events) app.publish("all", event);
}, everyMs);
app.listen("127.0.0.1", port ?? 0, () => undefined);

function eventOf(number: number): string {
  const text = composeText(0, 0, number, false);
  const event = { type: "message", room: "room-1", seq: number, at: Date.now(), user: USER };
  return JSON.stringify({ ...event, clientId: `u100000-${1e9 + number}`, text });
}
