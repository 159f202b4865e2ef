import type { Mention } from "../../../shared/server-frames.ts";
import { useApp } from "../app-context.ts";
import { Links } from "../ui/links.tsx";

/** The text of a message in the log with its links and the people whom it mentions. A place that is not one of the text is shown as text. */
export function MentioningText({ text, mentions }: { text: string; mentions: Mention[] }) {
  const { session, dialogs } = useApp();
  const me = session.user.value;
  const parts = [];
  let from = 0;
  for (const { id, start, length } of mentions) {
    const end = start + length;
    if (start < from || length < 2 || end > text.length) continue;
    const name = text.slice(start, end);
    const look = id === me?.id ? "mention to-you" : "mention";
    parts.push(
      <Links key={`before ${start}`} text={text.slice(from, start)} inLog />,
      id !== me?.id ? (
        <button
          class={look}
          type="button"
          tabIndex={-1}
          key={start}
          onClick={({ currentTarget }) => {
            const { left, top, bottom } = currentTarget.getBoundingClientRect();
            dialogs.show({ at: "card", user: { id, nickname: name.slice(1) }, near: { left, top, bottom } });
          }}
        >
          <bdi translate={false}>{name}</bdi>
        </button>
      ) : (
        <bdi class={look} translate={false} key={start}>
          {name}
        </bdi>
      ),
    );
    from = end;
  }
  parts.push(<Links key="rest" text={text.slice(from)} inLog />);
  return <>{parts}</>;
}
