/** The forms by which people and rooms come into being. */
import type { CreateRoomBody, LoginBody, SignupBody } from "../../shared/http-api.ts";
import type { Clock } from "../sync/clock.ts";
import { checkFields } from "./field-rules.ts";
import { createForm } from "./form.ts";
import type { createRoomList } from "./room-list.ts";
import type { Session } from "./session.ts";

export type Forms = ReturnType<typeof createForms>;

export function createForms(
  clock: Clock,
  session: Pick<Session, "logIn" | "signUp">,
  rooms: Pick<ReturnType<typeof createRoomList>, "create">,
) {
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
      send: rooms.create,
    }),
  };
}
