import { useDialogWords, useOnDemand } from "../on-demand-context.ts";

/** Above the field: whether a message could be taken back. */
export function TakeBackNote() {
  const { takeBack } = useOnDemand();
  const words = useDialogWords().takingBack;
  const outcome = takeBack.outcome.value;
  return (
    <div role="status">
      {outcome && (
        <p class="take-back-note">
          <span>{outcome.isBack ? words.done : words.late(outcome.seenBy)}</span>
          {outcome.isLeft && (
            <button class="link" type="button" onClick={takeBack.putBack}>
              {words.putBack}
            </button>
          )}
        </p>
      )}
    </div>
  );
}
