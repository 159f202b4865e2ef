/** Writes into the message field as if the person had typed there. */

/** @param changed gets the new text. The field gets the focus where that opens no keyboard. */
export function writeAtCaret(text: string, changed: (text: string) => void): void {
  const field = document.getElementById("message");
  if (!(field instanceof HTMLTextAreaElement)) return;
  field.setRangeText(text, field.selectionStart, field.selectionEnd, "end");
  changed(field.value);
  if (matchMedia("(pointer: fine)").matches) requestAnimationFrame(() => field.focus());
}
