import { useState } from "preact/hooks";
import type { RoomMember, RoomRole } from "../../../shared/http-api.ts";
import { isolated } from "../../words/sentences.ts";
import { useApp } from "../app-context.ts";
import { useDialogWords, useOnDemand } from "../on-demand-context.ts";
import { AskingButton } from "../ui/asking-button.tsx";
import { Icon } from "../ui/icons.tsx";
import { RoleBadge } from "../ui/role-badge.tsx";

const RANK: Record<RoomRole, number> = { member: 0, moderator: 1, owner: 2 };
const ROLES: readonly RoomRole[] = ["member", "moderator", "owner"];

/** A member with their role, and behind a button what one may do. */
export function MemberItem({ member, you }: { member: RoomMember; you: RoomRole }) {
  const { session } = useApp();
  const { circle } = useDialogWords();
  const [isOpen, setOpen] = useState(false);
  const { id, nickname, role, roomRole } = member;
  const isMe = id === session.user.value?.id;
  return (
    <li>
      <span class="remote-item-text">
        <strong>
          <bdi translate={false}>{nickname}</bdi>
          {isMe && ` (${circle.you})`} <RoleBadge role={role} short />
        </strong>
        {roomRole !== "member" && <span>{circle.roles[roomRole]}</span>}
      </span>
      {!isMe && (
        <button
          class="icon-button"
          type="button"
          aria-expanded={isOpen}
          aria-label={circle.actsOn(isolated(nickname))}
          onClick={() => setOpen(!isOpen)}
        >
          <Icon name="more" />
        </button>
      )}
      {isOpen && <Acts member={member} you={you} />}
    </li>
  );
}

function Acts({ member, you }: { member: RoomMember; you: RoomRole }) {
  const { circles } = useOnDemand();
  const { circle } = useDialogWords();
  const { id, nickname, roomRole } = member;
  const others = you === "owner" && roomRole !== "owner" ? ROLES.filter((role) => role !== roomRole) : [];
  return (
    <div class="member-acts">
      <button class="button quiet" type="button" onClick={() => void circles.openLine(id)}>
        {circle.write}
      </button>
      {others.map((role) => (
        <button key={role} class="button quiet" type="button" onClick={() => void circles.setRole(id, role)}>
          {circle.makeRole[role]}
        </button>
      ))}
      {RANK[you] > RANK[roomRole] && (
        <AskingButton
          look="button quiet"
          label={circle.remove}
          question={circle.removeAsk(isolated(nickname))}
          act={() => void circles.takeOut(id)}
        />
      )}
    </div>
  );
}
