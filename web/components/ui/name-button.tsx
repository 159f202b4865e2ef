import type { Role } from "../../../shared/server-frames.ts";
import type { Author } from "../../sync/replica.ts";
import { useApp } from "../app-context.ts";

type Props = { user: Author; shown: string; role?: Role | undefined; seq?: number | undefined };

/**
 * A name that leads to the person's card. Not a stop of the Tab key, because a room has hundreds of names: the arrow keys of the message
 * list reach it.
 */
export function NameButton({ user, shown, role, seq }: Props) {
  const { dialogs } = useApp();
  const name = <bdi translate={false}>{shown}</bdi>;
  // The author of an imported message may be only a name.
  if (user.id === "") return name;
  return (
    <button
      class="name"
      type="button"
      tabIndex={-1}
      aria-haspopup="dialog"
      onClick={({ currentTarget }) => {
        const { left, top, bottom } = currentTarget.getBoundingClientRect();
        dialogs.show({ at: "card", user, role, seq, near: { left, top, bottom } });
      }}
    >
      {name}
    </button>
  );
}
