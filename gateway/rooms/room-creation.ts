/** Creation of rooms by users: rights, limits, and the news for other gateways. */
import type { Accounts } from "../accounts/accounts.ts";
import type { Mutes } from "../accounts/mutes.ts";
import type { HttpLimits } from "../limits/http-rate-limits.ts";
import type { RoomsDirectory } from "./room-catalogue.ts";

export type CreateRoom = ReturnType<typeof createRoomCreation>;

type RoomCreationDeps = {
  directory: Pick<RoomsDirectory, "create">;
  accounts: Pick<Accounts, "find">;
  mutes: Pick<Mutes, "refuse">;
  limits: Pick<HttpLimits, "createRoom">;
  /** Publishes the room to the other gateways. */
  onCreated: (name: string) => Promise<void>;
};

export function createRoomCreation({ directory, accounts, mutes, limits, onCreated }: RoomCreationDeps) {
  /** @throws Refusal for an account that is closed; `muted`, `too_many_attempts`; and the directory's. */
  return async (userId: string, { name, title }: { name: string; title: string }) => {
    await accounts.find(userId);
    await mutes.refuse(userId);
    await limits.createRoom(userId);
    const room = await directory.create(name, title, userId);
    await onCreated(room.name);
    return room;
  };
}
