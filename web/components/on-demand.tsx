/** Everything of the page that is not in its first script: a script of its own. Slots show its components (slot.tsx). */

import { keepShell } from "../page/keep-shell.ts";
import type { App } from "../state/app.ts";
import { createOnDemand, type OnDemand } from "../state/on-demand.ts";
import { AccountDialog } from "./account/account-dialog.tsx";
import { AuthDialog } from "./account/auth-dialog.tsx";
import { BannedScreen } from "./account/banned-screen.tsx";
import { Preferences, SettingsButton } from "./account/preferences.tsx";
import { useApp } from "./app-context.ts";
import { Completions } from "./completions/completions.tsx";
import { EmojiButton } from "./emoji/emoji-button.tsx";
import { EmojiDialog } from "./emoji/emoji-dialog.tsx";
import { MentioningText } from "./mentions/mentioning-text.tsx";
import { Mentions, MentionsDialog } from "./mentions/mentions.tsx";
import { FastRoom } from "./messages/fast-room.tsx";
import { Greeting } from "./messages/greeting.tsx";
import { MessageActions } from "./messages/message-actions.tsx";
import { OfflineNote } from "./messages/offline-note.tsx";
import { Quote } from "./messages/quote.tsx";
import { Reactions } from "./messages/reactions.tsx";
import { ReactionsDialog } from "./messages/reactions-dialog.tsx";
import { ToUnread, UnreadLine } from "./messages/unread-line.tsx";
import { PersonDialog } from "./moderation/person-dialog.tsx";
import { ReportDialog } from "./moderation/report-dialog.tsx";
import { ReportsDialog } from "./moderation/reports-dialog.tsx";
import { useOnDemand } from "./on-demand-context.ts";
import { PeopleDialog, PeoplePanel } from "./people/people-panel.tsx";
import { PersonCard } from "./people/person-card.tsx";
import { RoomButtons } from "./people/room-buttons.tsx";
import { Jumping } from "./replies/jumping.tsx";
import { ReplyLine } from "./replies/reply-line.tsx";
import { CloseRoomDialog } from "./rooms/close-room-dialog.tsx";
import { ConnectionDetails } from "./rooms/connection-details.tsx";
import { InvitationDialog } from "./rooms/invitation-dialog.tsx";
import { MembersDialog } from "./rooms/members-dialog.tsx";
import { NewRoomDialog } from "./rooms/new-room-dialog.tsx";
import { PinnedLine } from "./rooms/pinned-line.tsx";
import { ReopenRoom } from "./rooms/reopen-room.tsx";
import { RoomMenu } from "./rooms/room-menu.tsx";
import { RoomSettingsDialog } from "./rooms/room-settings-dialog.tsx";
import { RoomTools } from "./rooms/room-tools.tsx";
import { ReadAll, UnreadMark, UnreadTotal } from "./rooms/unread-mark.tsx";
import { SearchDialog, SearchPanel } from "./search/search-panel.tsx";
import { KeysDialog } from "./settings/keys-dialog.tsx";
import { SettingsDialog } from "./settings/settings-dialog.tsx";
import { Switcher } from "./settings/switcher-dialog.tsx";
import { Voice } from "./settings/voice.tsx";
import type { Parts } from "./slot.tsx";

const PARTS: Parts = {
  BannedScreen,
  Completions,
  ConnectionDetails,
  Dialogs,
  EmojiButton,
  FastRoom,
  Greeting,
  Jumping,
  MentioningText,
  Mentions,
  MessageActions,
  OfflineNote,
  Panel,
  Preferences,
  Quote,
  Reactions,
  ReadAll,
  ReopenRoom,
  ReplyLine,
  SettingsButton,
  ToUnread,
  UnreadLine,
  UnreadMark,
  UnreadTotal,
  RoomButtons,
  RoomTools,
  PinnedLine,
  Voice,
};

/** Call once for a page. */
export function openOnDemand(app: App): { parts: Parts; state: OnDemand } {
  void keepShell(window);
  return { parts: PARTS, state: createOnDemand(app) };
}

/** The people or the search beside the conversation, on a wide screen. */
function Panel() {
  const { isOpen } = useApp().panel;
  if (useOnDemand().searchPlace.isOpen.value) return <SearchPanel />;
  return isOpen.value ? <PeoplePanel /> : null;
}

/** The dialog that is open, if one is. */
function Dialogs() {
  const open = useApp().dialogs.open.value;
  if (open?.at === "auth") return <AuthDialog first={open.tab} isSending={open.toSend !== undefined} />;
  if (open?.at === "account") return <AccountDialog />;
  if (open?.at === "new-room") return <NewRoomDialog />;
  if (open?.at === "members") return <MembersDialog room={open.room} />;
  if (open?.at === "invitation") return <InvitationDialog />;
  if (open?.at === "mentions") return <MentionsDialog />;
  if (open?.at === "report") return <ReportDialog />;
  if (open?.at === "person") return <PersonDialog user={open.user} />;
  if (open?.at === "room-settings") return <RoomSettingsDialog room={open.room} />;
  if (open?.at === "close-room") return <CloseRoomDialog room={open.room} />;
  if (open?.at === "room-menu") return <RoomMenu />;
  if (open?.at === "settings") return <SettingsDialog />;
  if (open?.at === "keys") return <KeysDialog />;
  if (open?.at === "switcher") return <Switcher />;
  if (open?.at === "search") return <SearchDialog />;
  if (open?.at === "reactions") return <ReactionsDialog seq={open.seq} />;
  if (open?.at === "people") return <PeopleDialog />;
  if (open?.at === "emoji") return <EmojiDialog pick={open} />;
  if (open?.at === "card") return <PersonCard card={open} />;
  return open?.at === "reports" ? <ReportsDialog /> : null;
}
