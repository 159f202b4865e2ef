/** Marks choices that change how the whole page looks. Shared by the client and the script in the head, so that nothing moves afterwards. */

type Look = { textSize: string | undefined; motion: string | undefined; density: string | undefined };

/** Styles read the marks. @param look undefined values are left to the style sheets. */
export function applyLook(look: Look, root: HTMLElement = document.documentElement) {
  for (const [name, value] of Object.entries(look)) {
    if (value === undefined) delete root.dataset[name];
    else root.dataset[name] = value;
  }
}
