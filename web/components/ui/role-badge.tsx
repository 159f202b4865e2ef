import { own } from "../../../shared/own.ts";
import type { Role } from "../../../shared/server-frames.ts";
import { useWords } from "../app-context.ts";
import { Icon } from "./icons.tsx";

/** The badge of moderators and admins beside their name, which nobody can imitate in a nickname. */
export function RoleBadge({ role }: { role: Role | undefined }) {
  const { roles } = useWords().moderation;
  // A server of another release may have more roles.
  const name = role === undefined || role === "user" ? undefined : own(roles, role);
  if (!name) return null;
  return (
    <span class="badge">
      <Icon name="shield" />
      {name}
    </span>
  );
}
