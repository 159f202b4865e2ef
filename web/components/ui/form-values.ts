/** The values of the named inputs of a form, as text. */
export function formValues<Name extends string>(
  form: HTMLFormElement | null,
  names: readonly Name[],
): Record<Name, string> {
  const data = new FormData(form ?? undefined);
  const pairs = names.map((name) => [name, String(data.get(name) ?? "")]);
  return Object.fromEntries(pairs) as Record<Name, string>;
}
