/**
 * Changes an account's nickname, at once and everywhere. Owns the notifications; nickname.ts owns the rules of a
 * nickname.
 */
import type { OwnUser } from "../../shared/server-frames.ts";
import type { Control } from "../control/control-log.ts";
import { Refusal } from "../errors.ts";
import type { HttpLimits } from "../limits/http-rate-limits.ts";
import { takenName } from "./account-queries.ts";
import type { Mutes } from "./mutes.ts";
import { checkNickname, type Nickname } from "./nickname.ts";
import type { ChangeUser } from "./user-changes.ts";

export type Rename = ReturnType<typeof createRename>;

type RenameDeps = {
  changeUser: ChangeUser;
  mutes: Mutes;
  limits: Pick<HttpLimits, "rename">;
  control: Pick<Control, "userChanged">;
};

export function createRename({ changeUser, mutes, limits, control }: RenameDeps) {
  /**
   * Notifies the rooms that the user is in.
   * @throws Refusal `invalid` with fields, `muted`, `nickname_taken`, `too_many_attempts`.
   */
  return async (userId: string, raw: string): Promise<OwnUser> => {
    const name = checkNickname(raw);
    if (!name.ok) throw new Refusal("invalid", { fields: { nickname: name.code } });
    await mutes.refuse(userId);
    const attempt = await limits.rename(userId);
    const { done: before, version } = await attempt.spend(() => giveName(userId, name.value));
    const user: OwnUser = { ...before, nickname: name.value.nickname };
    const { id, nickname, role } = user;
    if (before.nickname !== nickname)
      await control.userChanged({ id, nickname, role }, { version, before: before.nickname });
    return user;
  };

  /** @returns the user before the change, and the version of the row after it. */
  async function giveName(userId: string, name: Nickname): Promise<{ done: OwnUser; version: number }> {
    try {
      return await changeUser(userId, async (change, tx) => {
        const before = await change.lockActive();
        if (before === undefined) throw new Refusal("unauthenticated");
        await mutes.refuseHeld(tx, userId);
        await change.setNickname(name);
        return before;
      });
    } catch (error) {
      takenName(error);
      throw new Refusal("nickname_taken");
    }
  }
}
