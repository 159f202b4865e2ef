import type { PersonCard as Card } from "../../state/dialogs.ts";
import { useApp } from "../app-context.ts";
import { useDialogWords, useOnDemand } from "../on-demand-context.ts";
import { Avatar } from "../ui/avatar.tsx";
import { Dialog } from "../ui/dialog.tsx";
import { RoleBadge } from "../ui/role-badge.tsx";

/** A person whose name was chosen anywhere: beside the name on a wide screen, at the lower edge on a phone. */
export function PersonCard({ card }: { card: Card }) {
  const { session, dialogs, openSignUp } = useApp();
  const { people } = useOnDemand();
  const words = useDialogWords();
  const { user, near } = card;
  const me = session.user.value;
  return (
    <Dialog at="card" look="card" near={near} title={user.nickname} mark={<Avatar user={user} />}>
      <div class="card-who">
        <RoleBadge role={user.id === me?.id ? me.role : (people.roleOf(user.id) ?? card.role)} />
      </div>
      {me === undefined && (
        <>
          <p class="hint">{words.mayJoin}</p>
          <button class="button primary wide" type="button" onClick={openSignUp}>
            {words.start}
          </button>
        </>
      )}
      {me?.id === user.id && (
        <button class="card-act" type="button" onClick={() => dialogs.show({ at: "account" })}>
          {words.account.title}
        </button>
      )}
      {me && me.id !== user.id && <Acts card={card} />}
    </Dialog>
  );
}

/** The acts of a member on another person. */
function Acts({ card: { user, seq } }: { card: Card }) {
  const { session, dialogs, ignored, composer, rooms, route } = useApp();
  const { circles, personActs } = useOnDemand();
  const words = useDialogWords();
  const message = seq ?? personActs.newestOf(user);
  const isIgnored = ignored.has(user.id);
  const isModerator = session.user.value?.role !== "user";
  return (
    <>
      {composer.mayWrite.value && (
        <button class="card-act" type="button" onClick={() => personActs.mention(user)}>
          {words.peopleHere.mention}
        </button>
      )}
      {!rooms.isLine(route.room.value) && (
        <button class="card-act" type="button" onClick={() => void circles.openLine(user.id)}>
          {words.circle.write}
        </button>
      )}
      <button
        class="card-act"
        type="button"
        onClick={() => (isIgnored ? personActs.seeAgain(user) : personActs.ignore(user))}
      >
        {isIgnored ? words.account.seeAgain : words.moderation.ignore}
      </button>
      {message !== undefined && (
        <button class="card-act" type="button" onClick={() => personActs.report(user, message)}>
          {seq === undefined ? words.peopleHere.reportNewest : words.peopleHere.reportThis}
        </button>
      )}
      {isModerator && (
        <button class="card-act" type="button" onClick={() => dialogs.show({ at: "person", user })}>
          {words.moderation.moderate}
        </button>
      )}
    </>
  );
}
