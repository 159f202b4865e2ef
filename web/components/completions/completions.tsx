import type { Completion } from "../../state/completion.ts";
import type { PersonChoice } from "../../state/mention-choices.ts";
import type { EmojiChoice } from "../../state/shortcodes.ts";
import { nameOf } from "../../sync/emoji.ts";
import { useApp } from "../app-context.ts";
import { useDialogWords, useOnDemand } from "../on-demand-context.ts";
import { Avatar } from "../ui/avatar.tsx";
import { RoleBadge } from "../ui/role-badge.tsx";
import { CompletionList, type Option, type Shown } from "./completion-list.tsx";

/** The list above the field for the word that is begun there: people after an `@`, emoji after a `:`. */
export function Completions() {
  const { mentions, shortcodes } = useOnDemand();
  const { mentions: aboutPeople, emoji: aboutEmoji } = useDialogWords();
  const { language } = useApp();
  const named = ({ row }: EmojiChoice): string => nameOf(row, language.language.value);
  const people: Shown = {
    label: aboutPeople.choose,
    options: mentions.choices.choices.value.map(personOption),
    said: saidOf(mentions.choices, (person, count) => aboutPeople.chosen(person.nickname, count)),
  };
  const emoji: Shown = {
    label: aboutEmoji.choose,
    options: shortcodes.choices.value.map((choice) => emojiOption(choice, named(choice))),
    said: saidOf(shortcodes, (choice, count) => aboutEmoji.chosen(named(choice), count)),
  };
  // Behind an `@` that begins no name there may be a shortcode.
  const isEmoji = people.options.length === 0;
  return (
    <CompletionList
      completion={isEmoji ? shortcodes : mentions.choices}
      all={[mentions.choices, shortcodes]}
      shown={isEmoji ? emoji : people}
    />
  );
}

/** The sentence about the active choice, for screen readers. */
function saidOf<Choice>(
  { choices, active }: Completion<Choice>,
  sentence: (choice: Choice, count: number) => string,
): string {
  const choice = choices.value[active.value];
  return choice === undefined ? "" : sentence(choice, choices.value.length);
}

const personOption = (person: PersonChoice): Option => ({
  id: `mention-${person.id}`,
  inside: (
    <>
      <Avatar user={person} />
      <bdi translate={false}>{person.nickname}</bdi>
      <RoleBadge role={person.role} short />
    </>
  ),
});

const emojiOption = ({ emoji, code }: EmojiChoice, name: string): Option => ({
  id: `emoji-${code}`,
  inside: (
    <>
      <span class="completion-emoji" aria-hidden="true">
        {emoji}
      </span>
      <bdi>{name}</bdi>
      <span class="completion-code" dir="ltr" translate={false}>
        :{code}:
      </span>
    </>
  ),
});
