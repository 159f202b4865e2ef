import { invitationPath } from "../../sync/urls.ts";
import { useApp } from "../app-context.ts";
import { useDialogWords, useOnDemand } from "../on-demand-context.ts";
import { AskingButton } from "../ui/asking-button.tsx";

/** A link by which people join, made on demand, and the end of all links. */
export function InvitationLinks({ room }: { room: string }) {
  const { language, rooms } = useApp();
  const { circles, links } = useOnDemand();
  const { circle } = useDialogWords();
  const link = circles.link.value;
  const address = link && new URL(invitationPath(link.token), location.origin).href;
  return (
    <>
      <h3 class="members-part">{circle.link}</h3>
      {address !== undefined && link ? (
        <>
          <input
            class="input"
            type="text"
            readOnly
            aria-label={circle.link}
            value={address}
            onFocus={(event) => event.currentTarget.select()}
          />
          <p class="hint">{circle.linkEnds(language.dates.value.full.format(link.expiresAt))}</p>
          <div class="member-acts">
            <button class="button primary" type="button" onClick={() => void links.copy(address)}>
              {circle.copyLink}
            </button>
            {links.canPassOn && (
              <button
                class="button quiet"
                type="button"
                onClick={() => void links.passOn(rooms.titleOf(room), address)}
              >
                {circle.shareLink}
              </button>
            )}
          </div>
        </>
      ) : (
        <button class="button quiet wide" type="button" onClick={() => void circles.makeLink(room)}>
          {circle.makeLink}
        </button>
      )}
      <AskingButton
        look="link"
        label={circle.endLinks}
        question={circle.endLinksAsk}
        act={() => void circles.endLinks(room)}
      />
    </>
  );
}
