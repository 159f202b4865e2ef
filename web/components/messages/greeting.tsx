import type { ComponentChildren } from "preact";
import { LOBBY } from "../../../shared/limits.ts";
import { isOwnMachine } from "../../page/own-machine.ts";
import { useApp } from "../app-context.ts";
import { useDialogWords, useOnDemand } from "../on-demand-context.ts";

/** In place of the messages of an empty room: a greeting, and a thing to try. */
export function Greeting() {
  const { chat, rooms } = useApp();
  const { name } = chat.room.value;
  if (name === LOBBY) return <EmptyLobby />;
  if (rooms.isLine(name)) return <EmptyLine />;
  return rooms.roleIn(name) ? <EmptyPrivateRoom room={name} /> : <EmptyRoom />;
}

/** On a cluster of one's own machine, the page shows that it is one: which gateway it is on, and how to be on two. */
function EmptyLobby() {
  const { connection, platform } = useApp();
  const { greeting: said } = useDialogWords();
  const { value: socket } = connection.socket;
  const isAtHome = isOwnMachine(platform.view.location.hostname) && socket.at === "live";
  if (!isAtHome) return <Empty title={said.welcome} text={said.lobby} />;
  return (
    <Empty title={said.welcome} text={said.gateway(socket.gateway)}>
      <p>{said.tryWindows}</p>
      <a class="button quiet" href={platform.view.location.pathname} target="_blank" rel="noopener">
        {said.openWindow}
      </a>
    </Empty>
  );
}

function EmptyLine() {
  const { greeting: said } = useDialogWords();
  return <Empty title={said.line} text={said.lineHint} />;
}

function EmptyPrivateRoom({ room }: { room: string }) {
  const { dialogs } = useApp();
  const { greeting: said } = useDialogWords();
  return (
    <Empty title={said.quiet} text={said.privateRoom}>
      <button class="button primary" type="button" onClick={() => dialogs.show({ at: "members", room })}>
        {said.invite}
      </button>
    </Empty>
  );
}

function EmptyRoom() {
  const { roomTitle } = useApp();
  const { personActs } = useOnDemand();
  const { greeting: said } = useDialogWords();
  return (
    <Empty title={said.quiet} text={said.room}>
      <button class="button quiet" type="button" onClick={() => void personActs.share(roomTitle.value)}>
        {said.shareLink}
      </button>
    </Empty>
  );
}

function Empty({ title, text, children }: { title: string; text: string; children?: ComponentChildren }) {
  return (
    <div class="empty">
      <p class="empty-title">{title}</p>
      <p>{text}</p>
      {children}
    </div>
  );
}
