import { useDialogWords, useOnDemand } from "../on-demand-context.ts";
import { Dialog } from "../ui/dialog.tsx";
import { Field } from "../ui/field.tsx";
import { FormBox } from "../ui/form-box.tsx";

/** Reports a message to the moderators. */
export function ReportDialog() {
  const { moderation } = useOnDemand();
  const words = useDialogWords();
  const form = moderation.report;
  return (
    <Dialog at="report" title={words.moderation.report}>
      <p class="hint">{words.moderation.reportHint}</p>
      <FormBox form={form} names={["reason"]} label={words.moderation.report}>
        <Field
          name="reason"
          problem={form.fields.value.reason}
          touched={form.touched}
          autocomplete="off"
          first
        />
      </FormBox>
    </Dialog>
  );
}
