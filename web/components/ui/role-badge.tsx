import { own } from "../../../shared/own.ts";
import type { Role } from "../../../shared/server-frames.ts";
import { useWords } from "../app-context.ts";
import { Icon } from "./icons.tsx";

type Props = {
  role: Role | undefined;
  /** In a line with no room for the word, the sign alone. */
  short?: boolean;
};

/** The badge of moderators and admins beside their name, which nobody can imitate in a nickname. */
export function RoleBadge({ role, short }: Props) {
  const { roles } = useWords().moderation;
  // A server of another release may have more roles.
  const name = role === undefined || role === "user" ? undefined : own(roles, role);
  if (!name) return null;
  return (
    <span class={short ? "badge short" : "badge"} title={short ? name : undefined}>
      <Icon name="shield" />
      {short ? <span class="hidden">{name}</span> : name}
    </span>
  );
}
