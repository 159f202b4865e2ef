/** Faults in the handling of the page: things that move, get lost, or happen by mistake. */
import type { Mutant } from "./mutant.ts";

const SCREENS = "test/screens.test.ts";
const ACCOUNT_WALK = [
  "test/screens.e2e.test.ts",
  "of somebody with an account: theirs, and what moderators do to it",
] as const;

export const hand: readonly Mutant[] = [
  {
    what: "what is placed absolutely in the conversation makes the page higher",
    place: "message-list.css",
    find: "must not make the page higher. */\n  position: relative;",
    replace: "must not make the page higher. */",
    seenBy: [
      ["test/styles.test.ts", "a scroll area is the containing block of its absolutely placed children"],
    ],
  },
  {
    what: "the place of the reader is held by the name of a day, which goes where older messages come",
    place: "MessageRow",
    find: '<li class="day">',
    replace: '<li class="day" data-row>',
    seenBy: [
      [
        "test/scrolling.e2e.test.ts",
        "up to the first of 1,200 messages and down again, by wheel, finger, keys and script, on a slow line",
      ],
    ],
  },
  {
    what: "what is written overtakes what waits to be sent again",
    place: "createOutbox",
    find: "entry.room === room && isOne(entry) && isPending(entry),",
    replace: "entry.room === room && isOne(entry) && isPending(entry) && isDue(entry),",
    seenBy: [
      [
        "web/sync/outbox.test.ts",
        "a message written while an earlier one of the room waits for its retry is sent behind it",
      ],
    ],
  },
  {
    what: "what is said again stands before what was said meanwhile",
    place: "createOutbox",
    find: "update([...others, { ...pendingAgain(entry), at: deps.clock.now() }]);",
    replace: "update([{ ...pendingAgain(entry), at: deps.clock.now() }, ...others]);",
    seenBy: [["web/sync/outbox-pace.test.ts", "said again, it stands behind what was said meanwhile"]],
  },
  {
    what: "the Enter that ends a syllable of Hangul sends it a second time",
    place: "createEnterSends",
    find: "pressed = true;\n    } else",
    replace: "pressed = true;\n      send();\n    } else",
    seenBy: [
      [
        "web/components/composer/enter-sends.test.ts",
        "ends a Hangul syllable and sends once: Chrome on macOS",
      ],
    ],
  },
  {
    what: "a button that waits loses the focus",
    place: "WaitingNote",
    find: "aria-disabled={mustWait}",
    replace: "disabled={mustWait}",
    seenBy: [[SCREENS, "no button is disabled under the focus: it says that it is, and does nothing"]],
  },
  {
    what: "a field that becomes disabled takes the focus with it",
    place: "keepFocus",
    find: '(last.element.isConnected && !last.element.matches(":disabled"))',
    replace: "last.element.isConnected",
    seenBy: [ACCOUNT_WALK],
  },
  {
    what: "one tap logs out everywhere else",
    place: "AskingButton",
    find: "onClick={() => setAsks(true)}",
    replace: "onClick={act}",
    seenBy: [ACCOUNT_WALK],
  },
  {
    what: "a screen is left out of the walk",
    place: "BannedScreen",
    find: ' data-screen="banned"',
    replace: "",
    seenBy: [[SCREENS, "every component that takes the window, or lies above it, is marked as a screen"]],
  },
  {
    what: "an older browser runs the page all the same",
    place: "web/main.tsx",
    find: 'if (document.documentElement.dataset.browser !== "old") void start();',
    replace: "start();",
    seenBy: [["test/page.e2e.test.ts", "a browser that is too old is told so: lacks a style"]],
  },
  {
    what: "a style is used that the README's oldest browsers lack",
    place: "failure.css",
    find: "text-align: center;",
    replace: "text-align: center;\n  text-wrap: pretty;",
    seenBy: [
      [
        "test/browsers.test.ts",
        "nothing that the page uses is newer than the oldest browsers, but what it can do without",
      ],
    ],
  },
];
