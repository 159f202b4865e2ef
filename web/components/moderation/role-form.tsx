import { useState } from "preact/hooks";
import type { Role } from "../../../shared/server-frames.ts";
import { isolated } from "../../words/sentences.ts";
import { useDialogWords, useOnDemand } from "../on-demand-context.ts";
import { AskingButton } from "../ui/asking-button.tsx";
import { Choice } from "../ui/choice.tsx";

const ROLES = ["user", "moderator", "admin"] as const;

/** Changes the role of a person from `now`: a choice, a button that names the change, and a question before it happens. */
export function RoleForm({ now, name }: { now: Role; name: string }) {
  const { moderation } = useOnDemand();
  const { moderation: said } = useDialogWords();
  const [chosen, setChosen] = useState<Role>(now);
  return (
    <form onSubmit={(event) => event.preventDefault()}>
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
      {chosen !== now && (
        <AskingButton
          key={chosen}
          look="button grave"
          label={said.giveRole(said.roles[chosen])}
          question={said.giveRoleAsk(isolated(name), said.roles[now], said.roles[chosen])}
          act={() => void moderation.giveRole(chosen)}
        />
      )}
    </form>
  );
}
