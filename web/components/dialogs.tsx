import { AccountDialog } from "./account/account-dialog.tsx";
import { AuthDialog } from "./account/auth-dialog.tsx";
import { useApp } from "./app-context.ts";
import { PersonDialog } from "./moderation/person-dialog.tsx";
import { ReportDialog } from "./moderation/report-dialog.tsx";
import { ReportsDialog } from "./moderation/reports-dialog.tsx";
import { CloseRoomDialog } from "./rooms/close-room-dialog.tsx";
import { NewRoomDialog } from "./rooms/new-room.tsx";
import { RoomSettingsDialog } from "./rooms/room-settings-dialog.tsx";

/** The dialog that is open, if one is. */
export function Dialogs() {
  const open = useApp().dialogs.open.value;
  if (open?.at === "auth") return <AuthDialog first={open.tab} />;
  if (open?.at === "account") return <AccountDialog />;
  if (open?.at === "new-room") return <NewRoomDialog />;
  if (open?.at === "report") return <ReportDialog />;
  if (open?.at === "person") return <PersonDialog user={open.user} />;
  if (open?.at === "room-settings") return <RoomSettingsDialog room={open.room} />;
  if (open?.at === "close-room") return <CloseRoomDialog room={open.room} />;
  return open?.at === "reports" ? <ReportsDialog /> : null;
}
