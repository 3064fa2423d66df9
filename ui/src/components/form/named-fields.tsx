import type { ReactNode } from "react";
import type { UseFormReturn } from "react-hook-form";
import { z } from "zod";
import { MAX_KEY_LENGTH, slug } from "@/lib/slug";
import { messages } from "../messages";
import { keySchema, nameSchema, subjectKeySchema } from "./schemas";
import { TextField } from "./text-field";

/** What a new thing is called: by people, and in URLs and code. */
export interface Named {
  name: string;
  key: string;
}

export const namedSchema: z.ZodType<Named, Named> = z.object({ name: nameSchema, key: keySchema });

/** The same of a flag or segment. */
export const namedSubjectSchema: z.ZodType<Named, Named> = z.object({
  name: nameSchema,
  key: subjectKeySchema,
});

export interface NamedFieldsProps<Values extends Named> {
  form: UseFormReturn<Values, unknown, Values>;
  /** An example of a name. */
  placeholder: string;
  /** What the key is for. */
  help?: ReactNode;
  /** The longest key. */
  longestKey?: number;
}

/** The first two fields of what is created: a name, and a key that follows it until it is given one of its own. */
export function NamedFields<Values extends Named>(props: NamedFieldsProps<Values>) {
  const { placeholder, help, longestKey = MAX_KEY_LENGTH } = props;
  // The form may have more fields; these two are all that is touched here.
  const form = props.form as unknown as UseFormReturn<Named, unknown, Named>;
  const suggest = (name: string) => {
    if (!form.getFieldState("key").isDirty || form.getValues("key") === "") {
      form.resetField("key", { defaultValue: slug(name) });
    }
  };
  return (
    <>
      <TextField
        control={form.control}
        name="name"
        label={messages.name}
        autoFocus
        placeholder={placeholder}
        onChange={(event) => suggest(event.target.value)}
      />
      <TextField
        control={form.control}
        name="key"
        label={messages.key}
        help={help}
        maxLength={longestKey}
        className="font-mono"
      />
    </>
  );
}
