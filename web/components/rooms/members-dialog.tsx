import { useEffect } from "preact/hooks";
import type { MembersAnswer } from "../../../shared/http-api.ts";
import { isolated } from "../../words/sentences.ts";
import { useApp } from "../app-context.ts";
import { useDialogWords, useOnDemand } from "../on-demand-context.ts";
import { AskingButton } from "../ui/asking-button.tsx";
import { Dialog } from "../ui/dialog.tsx";
import { Field } from "../ui/field.tsx";
import { FormBox } from "../ui/form-box.tsx";
import { InvitationLinks } from "./invitation-links.tsx";
import { MemberItem } from "./member-item.tsx";

/** The members of a private room, and everything that one of them may do with it. */
export function MembersDialog({ room }: { room: string }) {
  const { rooms } = useApp();
  const { circles } = useOnDemand();
  const words = useDialogWords();
  const known = circles.members.value;
  useEffect(() => {
    void circles.load(room);
    return circles.clear;
  }, [room]);
  return (
    <Dialog at="members" title={rooms.titleOf(room)}>
      {circles.failed.value && (
        <p class="hint">
          {words.account.listFailed}{" "}
          <button class="link" type="button" onClick={() => void circles.load(room)}>
            {words.retryNow}
          </button>
        </p>
      )}
      {known ? <Members {...known} /> : !circles.failed.value && <p class="hint">{words.account.loading}</p>}
    </Dialog>
  );
}

function Members({ room, members, you }: MembersAnswer & { room: string }) {
  const { dialogs } = useApp();
  const { circles } = useOnDemand();
  const words = useDialogWords();
  const { circle } = words;
  const moderates = you !== "member";
  return (
    <>
      <p class="hint">{circle.count(members.length)}</p>
      <ul class="remote-list">
        {members.map((member) => (
          <MemberItem key={member.id} member={member} you={you} />
        ))}
      </ul>
      <Invite />
      {moderates && <InvitationLinks room={room} />}
      <div class="member-acts members-end">
        {moderates && (
          <button
            class="button quiet wide"
            type="button"
            onClick={() => dialogs.show({ at: "room-settings", room })}
          >
            {words.moderation.roomSettings}
          </button>
        )}
        <AskingButton
          look="button quiet wide"
          label={circle.leave}
          question={members.length === 1 ? circle.leaveLast : circle.leaveAsk}
          act={() => void circles.leave(room)}
        />
        {you === "owner" && members.length > 1 && (
          <AskingButton
            look="button quiet wide"
            label={circle.deleteRoom}
            question={circle.deleteRoomAsk}
            act={() => void circles.remove(room)}
          />
        )}
      </div>
    </>
  );
}

function Invite() {
  const { circles } = useOnDemand();
  const { circle } = useDialogWords();
  const form = circles.invite;
  const added = circles.added.value;
  return (
    <>
      <h3 class="members-part">{circle.inviteTitle}</h3>
      <FormBox form={form} names={["nickname"]} label={circle.invite}>
        <Field
          name="nickname"
          problem={form.fields.value.nickname}
          touched={form.touched}
          autocomplete="off"
        />
      </FormBox>
      <p class="hint" role="status">
        {added !== undefined && circle.added(isolated(added))}
      </p>
    </>
  );
}
