import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";

/** Why a change is made; it stands in the history beside it. */
export function CommentField({ value, onChange }: { value: string; onChange: (value: string) => void }) {
  return (
    <Field label="Comment" optional help="Shown in the history and the audit log.">
      {(control) => (
        <Input
          {...control}
          maxLength={1000}
          value={value}
          onChange={(event) => onChange(event.target.value)}
          placeholder="Why?"
        />
      )}
    </Field>
  );
}
