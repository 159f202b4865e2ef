import { useEffect, useState } from "preact/hooks";
import type { ReactionListAnswer } from "../../../shared/http-reactions.ts";
import { isolated } from "../../words/sentences.ts";
import { useApp } from "../app-context.ts";
import { useDialogWords, useOnDemand } from "../on-demand-context.ts";
import { Dialog } from "../ui/dialog.tsx";
import { NameButton } from "../ui/name-button.tsx";

type Found = ReactionListAnswer["reactions"] | "loading" | "failed";

/** The people who reacted to a message, by emoji. Asked again when a reaction comes or goes. */
export function ReactionsDialog({ seq }: { seq: number }) {
  const { session } = useApp();
  const { reactions } = useOnDemand();
  const words = useDialogWords();
  const said = words.reactions;
  const [found, setFound] = useState<Found>("loading");
  const counted = reactions.of(seq).value;
  useEffect(() => {
    let isOpen = true;
    void reactions.listOf(seq).then((answer) => {
      if (isOpen) setFound(answer.ok ? answer.value.reactions : "failed");
    });
    return () => {
      isOpen = false;
    };
  }, [seq, counted]);

  return (
    <Dialog at="reactions" look="sheet" title={said.whoReacted}>
      {found === "loading" && <p class="hint">{words.account.loading}</p>}
      {found === "failed" && <p class="hint">{words.account.listFailed}</p>}
      {typeof found !== "string" && found.length === 0 && <p class="hint">{said.nobody}</p>}
      {typeof found !== "string" && (
        <ul class="reaction-people">
          {found.map(({ emoji, count, people }) => (
            <li key={emoji}>
              <span class="reaction-kind" role="img" aria-label={said.given(emoji, count)}>
                {emoji} {count}
              </span>
              <span class="reaction-names">
                {people.map((user) => (
                  <NameButton
                    key={user.id}
                    user={user}
                    shown={user.id === session.user.value?.id ? words.you : isolated(user.nickname)}
                    role={user.role === "user" ? undefined : user.role}
                  />
                ))}
                {count > people.length && <span class="hint">{said.more(count - people.length)}</span>}
              </span>
            </li>
          ))}
        </ul>
      )}
    </Dialog>
  );
}
