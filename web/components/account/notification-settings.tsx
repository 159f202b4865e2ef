import { useDialogWords, useOnDemand } from "../on-demand-context.ts";

/** Turns notifications of this browser on and off. */
export function NotificationSettings() {
  const { notifications } = useOnDemand();
  const words = useDialogWords().notifications;
  const state = notifications.state.value;
  return (
    <>
      <p class="hint" role="status">
        {words.states[state]}
      </p>
      {["off", "failed"].includes(state) && (
        <button class="button primary" type="button" onClick={() => void notifications.turnOn()}>
          {words.turnOn}
        </button>
      )}
      {["on", "page", "failed"].includes(state) && (
        <>
          {state === "on" && (
            <label class="check">
              <input
                type="checkbox"
                checked={notifications.hidesText.value}
                onChange={(event) => void notifications.hideText(event.currentTarget.checked)}
              />
              {words.hideText}
            </label>
          )}
          <button class="button quiet" type="button" onClick={() => void notifications.turnOff()}>
            {words.turnOff}
          </button>
        </>
      )}
    </>
  );
}
