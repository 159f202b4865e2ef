import { useApp, useWords } from "../app-context.ts";
import { Icon } from "../ui/icons.tsx";

/** @param chosen called before another screen opens. */
export function NewRoom({ chosen }: { chosen: () => void }) {
  const { dialogs, session, openAuth } = useApp();
  const words = useWords();
  return (
    <button
      class="room-link new-room"
      type="button"
      onClick={() => {
        chosen();
        if (session.user.value) dialogs.show({ at: "new-room" });
        else openAuth();
      }}
    >
      <Icon name="plus" />
      {words.newRoom}
    </button>
  );
}
