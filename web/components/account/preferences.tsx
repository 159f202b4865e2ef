import { THEMES } from "../../sync/choices.ts";
import { LANGUAGES } from "../../words/languages.ts";
import { useApp } from "../app-context.ts";
import { useDialogWords } from "../on-demand-context.ts";
import { arrowKeys } from "../ui/arrow-keys.ts";
import { type IconName, MoreIcon } from "../ui/more-icons.tsx";

const THEME_ICONS = { system: "system", light: "sun", dark: "moon" } as const satisfies Record<
  string,
  IconName
>;

const moveAmong = arrowKeys();

/** The theme and the language. */
export function Preferences() {
  const { theme, language } = useApp();
  const words = useDialogWords();
  return (
    <div class="preferences">
      <fieldset class="choice" onKeyDown={moveAmong}>
        <legend class="hidden">{words.theme}</legend>
        {THEMES.map((name) => (
          <button
            key={name}
            type="button"
            aria-pressed={theme.theme.value === name}
            aria-label={words.themes[name]}
            title={words.themes[name]}
            onClick={() => theme.choose(name)}
          >
            <MoreIcon name={THEME_ICONS[name]} />
          </button>
        ))}
      </fieldset>
      <fieldset class="choice" onKeyDown={moveAmong}>
        <legend class="hidden">{words.language}</legend>
        {LANGUAGES.map(({ code, name }) => (
          <button
            key={code}
            type="button"
            lang={code}
            aria-pressed={language.language.value === code}
            onClick={() => language.choose(code)}
          >
            {name}
          </button>
        ))}
      </fieldset>
    </div>
  );
}

/** Opens all settings. Beside the name of the page, because the preferences fill their line in some languages. */
export function SettingsButton() {
  const { dialogs } = useApp();
  const { title } = useDialogWords().preferences;
  return (
    <button
      class="icon-button"
      type="button"
      aria-label={title}
      title={title}
      onClick={() => dialogs.show({ at: "settings" })}
    >
      <MoreIcon name="settings" />
    </button>
  );
}
