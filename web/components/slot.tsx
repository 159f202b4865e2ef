/**
 * Places of the page for components that come with the script of on-demand parts (on-demand.tsx). The page's first script has
 * only the slots, so that a first visit loads little.
 */
import { signal } from "@preact/signals";
import type { ComponentChildren, ComponentType, RefObject } from "preact";
import { useEffect } from "preact/hooks";
import type { Ban, Mention } from "../../shared/server-frames.ts";
import type { OnDemand } from "../state/on-demand.ts";
import type { Room } from "../state/room.ts";
import type { MessageRow } from "../state/timeline.ts";
import type { DialogWords } from "../words/dialogs.ts";
import { withDialogWords } from "../words/dialogs.ts";
import type { Language } from "../words/languages.ts";
import { useWords } from "./app-context.ts";
import { DialogWordsContext, OnDemandContext } from "./on-demand-context.ts";

/** The components by name, with what their slots give them. */
export type Parts = {
  BannedScreen: ComponentType<{ ban: Ban | undefined }>;
  Completions: ComponentType;
  ConnectionDetails: ComponentType;
  Dialogs: ComponentType;
  EmojiButton: ComponentType;
  FastRoom: ComponentType<{ room: Room }>;
  Greeting: ComponentType;
  Jumping: ComponentType<{ room: Room }>;
  MentioningText: ComponentType<{ text: string; mentions: Mention[] }>;
  Mentions: ComponentType;
  MessageActions: ComponentType<MessageActionsProps>;
  OfflineNote: ComponentType;
  Panel: ComponentType;
  Preferences: ComponentType;
  Quote: ComponentType<{ seq: number }>;
  Reactions: ComponentType<{ seq: number }>;
  ReadAll: ComponentType;
  ReopenRoom: ComponentType;
  ReplyLine: ComponentType;
  SettingsButton: ComponentType;
  ToUnread: ComponentType<{ room: Room }>;
  UnreadLine: ComponentType<{ at: number }>;
  UnreadMark: ComponentType<{ room: string }>;
  UnreadTotal: ComponentType;
  RoomButtons: ComponentType;
  RoomTools: ComponentType;
  PinnedLine: ComponentType;
  Voice: ComponentType;
};

export type MessageActionsProps = {
  row: MessageRow;
  id: string;
  /** The button that opened this. It gets the focus back. */
  opener: RefObject<HTMLButtonElement | null>;
  close: () => void;
};

type Loaded = { parts: Parts; state: OnDemand; language: Language; words: DialogWords };

/** Undefined until the script has come. */
export const loaded = signal<Loaded | undefined>(undefined);
/** Whether somebody waits for it. */
export const isWanted = signal(false);

type Props<Name extends keyof Parts> = {
  part: Name;
  with: Parts[Name] extends ComponentType<infer P> ? P : never;
  /** Fetches the script now. Otherwise the slot waits until it comes anyway. */
  now?: boolean;
  /** Shown until then. */
  fallback?: ComponentChildren;
};

export function Slot<Name extends keyof Parts>(props: Props<Name>) {
  const { part, now, fallback = null } = props;
  const words = useWords();
  const isHere = loaded.value !== undefined;
  useEffect(() => {
    if (now && !isHere) isWanted.value = true;
  }, [now, isHere]);
  if (!loaded.value) return <>{fallback}</>;
  const { parts, state, words: more } = loaded.value;
  const Part = parts[part] as ComponentType<object>;
  return (
    <OnDemandContext.Provider value={state}>
      <DialogWordsContext.Provider value={withDialogWords(words, more)}>
        <Part {...(props.with as object)} />
      </DialogWordsContext.Provider>
    </OnDemandContext.Provider>
  );
}
