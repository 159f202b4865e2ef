import { DENSITIES, THEMES } from "../../sync/stored-values.ts";
import { LANGUAGES } from "../../words/languages.ts";
import { useApp, useWords } from "../app-context.ts";
import { arrowKeys } from "../ui/arrow-keys.ts";
import { Icon, type IconName } from "../ui/icons.tsx";

const THEME_ICONS = { system: "system", light: "sun", dark: "moon" } as const satisfies Record<
  string,
  IconName
>;

const DENSITY_ICONS = { compact: "lines", cozy: "bubbles" } as const satisfies Record<string, IconName>;

const moveAmong = arrowKeys();

export function Preferences() {
  const { theme, density, language } = useApp();
  const words = useWords();
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
            <Icon name={THEME_ICONS[name]} />
          </button>
        ))}
      </fieldset>
      <fieldset class="choice" onKeyDown={moveAmong}>
        <legend class="hidden">{words.density}</legend>
        {DENSITIES.map((name) => (
          <button
            key={name}
            type="button"
            aria-pressed={density.density.value === name}
            aria-label={words.densities[name]}
            title={words.densities[name]}
            onClick={() => density.choose(name)}
          >
            <Icon name={DENSITY_ICONS[name]} />
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
