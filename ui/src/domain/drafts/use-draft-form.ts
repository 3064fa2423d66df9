import { useEffect, useRef } from "react";
import type { DefaultValues, FieldValues, UseFormReturn } from "react-hook-form";
import type { z } from "zod";
import { useAppForm } from "@/components/form/use-app-form";
import { same } from "@/lib/same";
import type { DraftEditor } from "./use-draft";

/**
 * A form that edits a draft. What is typed goes into the draft at once; what others changed, what was discarded and what
 * was saved goes from the draft into the fields.
 */
export function useDraftForm<Values extends FieldValues>(
  schema: z.ZodType<Values, Values>,
  draft: DraftEditor<Values>,
  error: unknown,
): UseFormReturn<Values, unknown, Values> {
  const form = useAppForm(schema, draft.value as DefaultValues<Values>, error);
  const edit = useRef(draft.edit);
  edit.current = draft.edit;
  const { subscribe, getValues, reset } = form;
  useEffect(
    () => subscribe({ formState: { values: true }, callback: ({ values }) => edit.current(values) }),
    [subscribe],
  );
  useEffect(() => {
    if (!same(getValues(), draft.value)) reset(draft.value);
  }, [draft.value, getValues, reset]);
  return form;
}
