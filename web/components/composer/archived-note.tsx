import { useApp, useWords } from "../app-context.ts";
import { Slot } from "../slot.tsx";

/** Replaces the composer of an archived room: says why nobody can write, and lets admins reopen the room. */
export function ArchivedNote() {
  const { session } = useApp();
  const words = useWords().closing;
  const isAdmin = session.user.value?.role === "admin";
  return (
    <div class="composer way-in" data-screen="archived">
      <p>{words.archived}</p>
      {isAdmin && <Slot part="ReopenRoom" with={{}} now />}
    </div>
  );
}
