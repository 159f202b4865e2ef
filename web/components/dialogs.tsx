import { AccountDialog } from "./account-dialog.tsx";
import { useApp } from "./app-context.ts";
import { AuthDialog } from "./auth-dialog.tsx";
import { CloseRoomDialog } from "./close-room-dialog.tsx";
import { NewRoomDialog } from "./new-room.tsx";
import { PersonDialog } from "./person-dialog.tsx";
import { ReportDialog } from "./report-dialog.tsx";
import { ReportsDialog } from "./reports-dialog.tsx";
import { RoomSettingsDialog } from "./room-settings-dialog.tsx";

/** The dialog that is open, if one is. */
export function Dialogs() {
  const open = useApp().dialogs.open.value;
  if (open?.at === "auth") return <AuthDialog />;
  if (open?.at === "account") return <AccountDialog />;
  if (open?.at === "new-room") return <NewRoomDialog />;
  if (open?.at === "report") return <ReportDialog />;
  if (open?.at === "person") return <PersonDialog user={open.user} />;
  if (open?.at === "room-settings") return <RoomSettingsDialog room={open.room} />;
  if (open?.at === "close-room") return <CloseRoomDialog room={open.room} />;
  return open?.at === "reports" ? <ReportsDialog /> : null;
}
