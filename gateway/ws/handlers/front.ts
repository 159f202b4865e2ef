/** `front`: whether the page of this socket is the one that its user looks at. Never answered. */
import type { Front } from "../../../shared/client-frames.ts";
import type { Fronts } from "../../presence/fronts.ts";
import type { Socket } from "../connection.ts";

export const createFront =
  (setFront: Fronts["set"]) =>
  (socket: Socket, { on }: Front): void => {
    const { id, user } = socket.getUserData().connection;
    setFront(id, user?.id, on);
  };
