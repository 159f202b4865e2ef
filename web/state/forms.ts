/** The forms to log in, to sign up and to create a room. */
import type { CreateRoomBody, LoginBody, SignupBody } from "../../shared/http-api.ts";
import type { ApiProblem } from "../sync/api.ts";
import type { Clock } from "../sync/clock.ts";
import type { Chat } from "./chat.ts";
import { checkFields } from "./field-rules.ts";
import { createForm } from "./form.ts";
import type { RoomList } from "./room-list.ts";
import type { Route } from "./route.ts";
import type { Session } from "./session.ts";

export type FormsDeps = {
  clock: Clock;
  session: Pick<Session, "logIn" | "signUp">;
  rooms: Pick<RoomList, "create">;
  route: Pick<Route, "go">;
  chat: Pick<Chat, "room">;
};

export function createForms({ clock, session, rooms, route, chat }: FormsDeps) {
  return {
    logIn: createForm<LoginBody>({
      clock,
      // An account may be older than today's rules for passwords.
      check: (values) => checkFields(values, ["password"]),
      send: session.logIn,
    }),
    signUp: createForm<SignupBody>({
      clock,
      check: checkFields,
      places: { email_taken: "email", nickname_taken: "nickname" },
      send: session.signUp,
    }),
    newRoom: createForm<CreateRoomBody>({
      clock,
      check: checkFields,
      places: { room_taken: "name" },
      send: makeRoom,
    }),
  };

  /** Creates a room and goes there, also when the page already shows that room as missing. */
  async function makeRoom(body: CreateRoomBody): Promise<ApiProblem | undefined> {
    const problem = await rooms.create(body);
    if (problem) return problem;
    route.go(body.name);
    // A room that was not on screen is joined by having come there, and a second join would be answered as a new start.
    if (chat.room.value.state.value === "missing") chat.room.value.join();
    return undefined;
  }
}
