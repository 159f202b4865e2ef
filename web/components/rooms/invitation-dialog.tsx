import { isolated, problemSentence } from "../../words/sentences.ts";
import { useApp } from "../app-context.ts";
import { useDialogWords, useOnDemand } from "../on-demand-context.ts";
import { Dialog } from "../ui/dialog.tsx";

/** The room behind the link that opened the page. A guest signs up first, and is in the room then. */
export function InvitationDialog() {
  const { session, openSignUp } = useApp();
  const { invitation } = useOnDemand().circles;
  const words = useDialogWords();
  const { circle } = words;
  const found = invitation.found.value;
  return (
    <Dialog at="invitation" title={circle.invitation}>
      {found === undefined && <p class="hint">{words.account.loading}</p>}
      {typeof found === "string" && <p>{problemSentence(words, found)}</p>}
      {typeof found === "object" && (
        <>
          <p>{circle.invites(isolated(found.inviter), isolated(found.title))}</p>
          <p class="hint">{circle.count(found.members)}</p>
          <button
            class="button primary wide"
            type="button"
            onClick={() => {
              if (session.user.value) void invitation.accept();
              else invitation.signUpToJoin(openSignUp);
            }}
          >
            {session.user.value ? circle.accept : circle.signUpFirst}
          </button>
        </>
      )}
    </Dialog>
  );
}
