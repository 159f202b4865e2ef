type Props<Value extends string> = {
  name: string;
  label: string;
  options: readonly { value: Value; label: string }[];
  /** The initial value. */
  chosen: Value;
  onChange?: (value: Value) => void;
};

/** A choice among a few values in a form, all visible. */
export function Choice<Value extends string>({ name, label, options, chosen, onChange }: Props<Value>) {
  return (
    <fieldset class="pick">
      <legend>{label}</legend>
      {options.map((option) => (
        <label key={option.value}>
          <input
            type="radio"
            name={name}
            value={option.value}
            defaultChecked={option.value === chosen}
            onChange={() => onChange?.(option.value)}
          />
          <span>{option.label}</span>
        </label>
      ))}
    </fieldset>
  );
}
