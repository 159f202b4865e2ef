import { LOBBY } from "../../../shared/limits.ts";
import { useApp, useWords } from "../app-context.ts";

/** @returns the title of a room by its name. The lobby's is in the page's language. */
export function useTitleOf(): (room: string) => string {
  const { rooms } = useApp();
  const { lobby } = useWords();
  return (room) => (room === LOBBY ? lobby : rooms.titleOf(room));
}
