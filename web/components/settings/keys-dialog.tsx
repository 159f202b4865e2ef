import { KEY_TABLE } from "../../sync/key-table.ts";
import { useDialogWords } from "../on-demand-context.ts";
import { Dialog } from "../ui/dialog.tsx";

const SIGNS: Partial<Record<string, string>> = {
  ArrowUp: "↑",
  ArrowDown: "↓",
  ArrowLeft: "←",
  ArrowRight: "→",
  Escape: "Esc",
};

/** Every key of the page, by where it works. */
export function KeysDialog() {
  const words = useDialogWords();
  const { keys: said } = words;
  const mod = /Mac|iP(hone|ad|od)/.test(navigator.userAgent) ? "⌘" : "Ctrl";
  const shown = (key: string) => (key === "Mod" ? mod : (SIGNS[key] ?? key));
  return (
    <Dialog at="keys" title={words.preferences.allKeys}>
      {(["page", "field", "list"] as const).map((where) => (
        <section key={where} class="keys">
          <h3>{said.places[where]}</h3>
          <dl>
            {KEY_TABLE.filter((line) => line.where === where).map(({ id, keys }) => (
              <div key={id}>
                <dt>{said.lines[id]}</dt>
                <dd translate={false}>
                  {keys.map((each) => (
                    <kbd key={each}>{each.split("+").map(shown).join(" + ")}</kbd>
                  ))}
                </dd>
              </div>
            ))}
          </dl>
        </section>
      ))}
    </Dialog>
  );
}
