import { useState } from "preact/hooks";
import type { Role } from "../../../shared/server-frames.ts";
import { useDialogWords, useOnDemand } from "../on-demand-context.ts";
import { Choice } from "../ui/choice.tsx";
import { FormBox } from "../ui/form-box.tsx";

const ROLES = ["user", "moderator", "admin"] as const;

/** Changes the role of a person from `now`: a choice, and a button that names the change. */
export function RoleForm({ now }: { now: Role }) {
  const { moderation } = useOnDemand();
  const { moderation: said } = useDialogWords();
  const [chosen, setChosen] = useState<Role>(now);
  return (
    <FormBox
      form={moderation.giveRole}
      names={["role"]}
      label={said.giveRole(said.roles[chosen])}
      ready={chosen !== now}
    >
      <Choice
        name="role"
        label={said.role}
        chosen={now}
        options={ROLES.map((role) => ({ value: role, label: said.roles[role] }))}
        onChange={setChosen}
      />
      <p class="hint" role="status">
        {said.roleMeans[chosen]}
      </p>
    </FormBox>
  );
}
