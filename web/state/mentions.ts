/** One's own mentions, and the people to choose from after an `@`. */
import type { App } from "./app.ts";
import { createMentionChoices } from "./mention-choices.ts";
import { answered, createRemoteList } from "./remote-list.ts";

export function createMentions({ platform, route, session, composer, ignored, chat }: App) {
  const { api, clock } = platform;
  const list = createRemoteList(() => answered(api.mentions(), (answer) => answer.mentions));
  const choices = createMentionChoices({
    ...{ api, clock, room: route.room, me: session.user, composer },
    events: () => ignored.leftOf(chat.room.value.viewport.shown.value),
    chosen: () => composer.people.value,
  });
  return {
    list,
    choices,
    clear() {
      list.clear();
      choices.clear();
    },
  };
}
