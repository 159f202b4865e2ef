/** A box to tick in a form. Its value is `yes`, or nothing. */
export function Check({
  name,
  label,
  onChange,
}: {
  name: string;
  label: string;
  onChange?: (on: boolean) => void;
}) {
  return (
    <label class="check">
      <input
        type="checkbox"
        name={name}
        value="yes"
        onChange={(event) => onChange?.(event.currentTarget.checked)}
      />
      <span>{label}</span>
    </label>
  );
}
