/** The field to write in, for acts that end there. */

/** Puts the cursor behind the text of the field, once a dialog that is closing has given the focus back. */
export function focusField(view: Window): void {
  const { document } = view;
  view.requestAnimationFrame(() => view.requestAnimationFrame(focus));

  function focus() {
    const field = document.getElementById("message") as HTMLTextAreaElement | null;
    field?.focus();
    field?.setSelectionRange(field.value.length, field.value.length);
  }
}
