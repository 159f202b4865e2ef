import { useEffect } from "preact/hooks";
import { isPrivateName } from "../../sync/urls.ts";
import { useApp } from "../app-context.ts";
import { useDialogWords, useOnDemand } from "../on-demand-context.ts";
import { type IconName, MoreIcon } from "../ui/more-icons.tsx";

/** The buttons of the room's header that come with the script of on-demand parts: for moderators the reports and the room's settings. */
export function RoomTools() {
  const { chat, dialogs, route, session } = useApp();
  const words = useDialogWords();
  const isModerator = (session.user.value?.role ?? "user") !== "user";
  if (!isModerator) return null;
  return (
    <>
      <ReportsButton />
      {chat.room.value.state.value !== "missing" && !isPrivateName(chat.room.value.name) && (
        <Tool
          icon="settings"
          look="tool-wide"
          label={words.moderation.roomSettings}
          act={() => dialogs.show({ at: "room-settings", room: route.room.value })}
        />
      )}
    </>
  );
}

/** With the number of open reports, which is kept up to date. */
function ReportsButton() {
  const { dialogs } = useApp();
  const { openReports } = useOnDemand();
  const { moderation: said } = useDialogWords();
  const count = openReports.count.value;
  useEffect(openReports.follow, []);
  return (
    <Tool
      icon="flag"
      label={count > 0 ? said.reportsOpen(count) : said.reports}
      count={count}
      act={() => dialogs.show({ at: "reports" })}
    />
  );
}

type ToolProps = { icon: IconName; look?: "tool-wide"; label: string; count?: number; act: () => void };

function Tool({ icon, look, label, count = 0, act }: ToolProps) {
  return (
    <button
      class={look ? `icon-button tool ${look}` : "icon-button tool"}
      type="button"
      aria-label={label}
      title={label}
      onClick={act}
    >
      <MoreIcon name={icon} />
      {count > 0 && (
        <span class="tool-count" aria-hidden="true">
          {count > 99 ? "99+" : count}
        </span>
      )}
    </button>
  );
}
