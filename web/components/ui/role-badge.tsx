import { own } from "../../../shared/own.ts";
import type { Role } from "../../../shared/server-frames.ts";
import { useWords } from "../app-context.ts";
import { Icon } from "./icons.tsx";

/** Beside the name of those who run the cluster: what nobody can write into a nickname. */
export function RoleBadge({ role }: { role: Role | undefined }) {
  const { roles } = useWords().moderation;
  // A server of another release may know more of them.
  const name = role === undefined || role === "user" ? undefined : own(roles, role);
  if (!name) return null;
  return (
    <span class="badge">
      <Icon name="shield" />
      {name}
    </span>
  );
}
