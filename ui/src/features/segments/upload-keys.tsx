import { Upload } from "lucide-react";
import { useRef, useState } from "react";
import { toast } from "sonner";
import { Confirm } from "@/components/confirm";
import { Button } from "@/components/ui/button";
import { Checkbox } from "@/components/ui/checkbox";
import { Field } from "@/components/ui/field";
import { NativeSelect } from "@/components/ui/input";
import type { Reason } from "@/components/ui/reason";
import type { CsvTable } from "./csv-keys";
import { guess, keysOf, readCsv } from "./csv-keys";
import { messages } from "./messages";

export interface UploadKeysProps {
  /** What the button does, for those who only hear it. */
  label: string;
  /** The attribute that the keys are values of. */
  attribute: string;
  /** The keys that are there. */
  values: readonly unknown[];
  disabledReason?: Reason;
  /** Takes keys that are not there yet. */
  onAdd: (values: string[]) => void;
}

interface Read {
  name: string;
  table: CsvTable;
  column: number;
  header: boolean;
}

/** Adds keys from a CSV file. */
export function UploadKeys({ label, attribute, values, disabledReason, onAdd }: UploadKeysProps) {
  const input = useRef<HTMLInputElement>(null);
  const [file, setFile] = useState<Read>();
  const open = async (chosen: File | undefined) => {
    if (!chosen) return;
    const table = await readCsv(await chosen.text());
    if (table) setFile({ name: chosen.name, table, ...guess(table, attribute) });
    else toast.error(messages.upload.unreadable);
  };
  return (
    <>
      <input
        ref={input}
        type="file"
        accept=".csv,.tsv,.txt,text/csv,text/plain"
        hidden
        onChange={(event) => {
          void open(event.target.files?.[0]);
          // The same file can be chosen again.
          event.target.value = "";
        }}
      />
      <Button
        look="link"
        size="none"
        className="mt-1 text-xs"
        aria-label={label}
        disabledReason={disabledReason}
        onClick={() => input.current?.click()}
      >
        <Upload className="size-3" aria-hidden />
        {messages.upload.action}
      </Button>
      {file && (
        <ChooseColumn
          file={file}
          values={values}
          onChange={setFile}
          onAdd={(keys) => {
            onAdd(keys);
            setFile(undefined);
          }}
          onClose={() => setFile(undefined)}
        />
      )}
    </>
  );
}

interface ChooseColumnProps {
  file: Read;
  values: readonly unknown[];
  onChange: (file: Read) => void;
  onAdd: (keys: string[]) => void;
  onClose: () => void;
}

function ChooseColumn({ file, values, onChange, onAdd, onClose }: ChooseColumnProps) {
  const { table, column, header } = file;
  const keys = keysOf(table, column, header);
  const known = new Set(values);
  const fresh = keys.filter((key) => !known.has(key));
  const name = (nth: number) => (header && table.rows[0]?.[nth]) || messages.upload.nthColumn(nth + 1);
  return (
    <Confirm
      title={messages.upload.title(file.name)}
      action={messages.upload.add(fresh.length)}
      blocked={fresh.length === 0 && messages.upload.nothingNew}
      onConfirm={() => onAdd(fresh)}
      onClose={onClose}
    >
      {table.columns > 1 && (
        <Field label={messages.upload.column}>
          {(control) => (
            <NativeSelect
              {...control}
              value={column}
              onChange={(event) => onChange({ ...file, column: Number(event.target.value) })}
            >
              {Array.from({ length: table.columns }, (_, nth) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: columns have no identity but their place
                <option key={nth} value={nth}>
                  {name(nth)}
                </option>
              ))}
            </NativeSelect>
          )}
        </Field>
      )}
      <Checkbox
        label={messages.upload.header}
        checked={header}
        onCheckedChange={(checked) => onChange({ ...file, header: checked })}
      />
      <p className="text-sm text-muted">
        {messages.upload.found({ keys: keys.length, fresh: fresh.length })}{" "}
        {fresh[0] !== undefined && messages.upload.example(fresh.slice(0, 3).join(", "))}
      </p>
    </Confirm>
  );
}
