import type { PersonAnswer } from "../../../shared/http-api.ts";
import { restrictionSentence } from "../../words/sentences.ts";
import { useApp } from "../app-context.ts";
import { useDialogWords, useOnDemand } from "../on-demand-context.ts";
import { RoleBadge } from "../ui/role-badge.tsx";

/** A person's role, and their mute and ban with buttons to lift them. */
export function PersonState({ person: { user, muted, ban } }: { person: PersonAnswer }) {
  const { session, language } = useApp();
  const { moderation } = useOnDemand();
  const words = useDialogWords();
  const { moderation: said } = words;
  const { full } = language.dates.value;
  const isAdmin = session.user.value?.role === "admin";
  return (
    <div class="person-state">
      <p class="role-now">
        {said.roleNow} {user.role === "user" ? said.roles.user : <RoleBadge role={user.role} />}
      </p>
      {muted && (
        <p class="role-now">
          {restrictionSentence(said.mutedUntil(full.format(muted.until)), muted.reason)}
          <button class="button quiet" type="button" onClick={() => void moderation.liftMute()}>
            {said.liftMute}
          </button>
        </p>
      )}
      {ban && (
        <p class="role-now">
          {restrictionSentence(
            ban.until === null ? said.bannedForGood : said.bannedUntil(full.format(ban.until)),
            ban.reason,
          )}
          {isAdmin && (
            <button class="button quiet" type="button" onClick={() => void moderation.liftBan()}>
              {said.liftBan}
            </button>
          )}
        </p>
      )}
    </div>
  );
}
