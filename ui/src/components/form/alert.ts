import type { FieldValues, UseFormReturn } from "react-hook-form";
import { formError } from "@/api/problem";

/** What the hub refused of a form that has no field to stand at; every field shows what is wrong with it. */
export function alertOf<Values extends FieldValues>(
  form: UseFormReturn<Values, unknown, Values>,
  error: unknown,
): string | undefined {
  return formError(
    error,
    Object.keys(form.getValues()).map((name) => `/${name}`),
  );
}
