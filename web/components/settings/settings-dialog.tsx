import { CHOICES, type ChoiceKey, type ChoiceOf, DENSITIES, THEMES } from "../../sync/choices.ts";
import { LANGUAGES } from "../../words/languages.ts";
import { useApp } from "../app-context.ts";
import { useDialogWords, useOnDemand } from "../on-demand-context.ts";
import { Choice } from "../ui/choice.tsx";
import { Dialog } from "../ui/dialog.tsx";

/** All choices of the person in one place. Each holds at once; there is nothing to save. */
export function SettingsDialog() {
  const { theme, density, language, dialogs } = useApp();
  const words = useDialogWords();
  const { preferences: said } = words;
  return (
    <Dialog at="settings" title={said.title}>
      <Choice
        name="language"
        label={words.language}
        chosen={language.language.value}
        options={LANGUAGES.map(({ code, name }) => ({ value: code, label: name }))}
        onChange={language.choose}
      />
      <Choice
        name="theme"
        label={words.theme}
        chosen={theme.theme.value}
        options={THEMES.map((value) => ({ value, label: words.themes[value] }))}
        onChange={theme.choose}
      />
      <Choice
        name="density"
        label={words.density}
        chosen={density.density.value}
        options={DENSITIES.map((value) => ({ value, label: words.densities[value] }))}
        onChange={density.choose}
      />
      <Setting of="textSize" />
      <Setting of="clock" />
      <Setting of="sound" />
      <Setting of="motion" />
      <Setting of="aloud" />
      <Setting of="keys" />
      <button class="link" type="button" onClick={() => dialogs.show({ at: "keys" })}>
        {said.allKeys}
      </button>
    </Dialog>
  );
}

function Setting<K extends ChoiceKey>({ of: key }: { of: K }) {
  const { settings } = useOnDemand();
  const { preferences: said } = useDialogWords();
  const labels: Record<string, string> = said.choices[key];
  return (
    <Choice
      name={key}
      label={said.labels[key]}
      chosen={settings.of(key)}
      options={CHOICES[key].map((value) => ({
        value: value as ChoiceOf<K>,
        label: labels[value] ?? value,
      }))}
      onChange={(next) => settings.choose(key, next)}
    />
  );
}
