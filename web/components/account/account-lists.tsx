/** The lists of an account: sessions, connections, ignored people. */
import { useApp } from "../app-context.ts";
import { useDialogWords, useOnDemand } from "../on-demand-context.ts";
import { AskingButton } from "../ui/asking-button.tsx";
import { RemoteList } from "../ui/remote-list.tsx";

export function SessionList() {
  const { language } = useApp();
  const { account } = useOnDemand();
  const words = useDialogWords();
  const { full } = language.dates.value;
  const others = account.sessions.items.value?.some((each) => !each.current) ?? false;
  return (
    <>
      <RemoteList list={account.sessions} keyOf={(session) => session.id}>
        {(session) => (
          <>
            <span class="remote-item-text">
              <strong>{session.device}</strong>
              <span>
                {session.current
                  ? words.account.thisDevice
                  : words.account.lastSeen(full.format(session.lastSeenAt))}
                {session.ip && ` · ${session.ip}`}
              </span>
            </span>
            {!session.current && (
              <button
                class="button quiet"
                type="button"
                aria-label={words.account.logOutThere(session.device)}
                onClick={() => void account.endSession(session.id)}
              >
                {words.logOut}
              </button>
            )}
          </>
        )}
      </RemoteList>
      {others && (
        <AskingButton
          look="button quiet wide"
          label={words.account.logOutOthers}
          question={words.account.logOutOthersAsk}
          act={() => void account.endOtherSessions()}
        />
      )}
    </>
  );
}

export function ConnectionList() {
  const { language } = useApp();
  const { account } = useOnDemand();
  const words = useDialogWords();
  const { full } = language.dates.value;
  return (
    <RemoteList list={account.connections} keyOf={(connection) => connection.connectedAt}>
      {({ device, ip, gateway, connectedAt, disconnectedAt, times }) => (
        <span class="remote-item-text">
          <strong>{device}</strong>
          <span>
            {full.format(connectedAt)} –{" "}
            {disconnectedAt === null ? words.account.openNow : full.format(disconnectedAt)}
          </span>
          <span>
            {[times > 1 && words.account.shortOnes(times), ip, gateway].filter(Boolean).join(" · ")}
          </span>
        </span>
      )}
    </RemoteList>
  );
}

export function IgnoredList() {
  const { ignored } = useApp();
  const words = useDialogWords();
  const people = ignored.people.value;
  if (people.length === 0) return <p class="hint">{words.account.ignoresNobody}</p>;
  return (
    <ul class="remote-list">
      {people.map(({ id, nickname }) => (
        <li key={id}>
          <bdi class="remote-item-text">{nickname}</bdi>
          <button class="button quiet" type="button" onClick={() => ignored.remove(id)}>
            {words.account.seeAgain}
          </button>
        </li>
      ))}
    </ul>
  );
}
