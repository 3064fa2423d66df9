import { zodResolver } from "@hookform/resolvers/zod";
import { useMemo } from "react";
import type { DefaultValues, FieldErrors, FieldValues, UseFormReturn } from "react-hook-form";
import { useForm } from "react-hook-form";
import type { z } from "zod";
import { Problem } from "@/api/problem";

/**
 * The state of a form whose values are of a schema. What is wrong stands at its field: what the schema says once somebody
 * tries to send it, and what the hub said of the request that it refused (`error`).
 */
export function useAppForm<Values extends FieldValues>(
  schema: z.ZodType<Values, Values>,
  defaultValues: DefaultValues<Values>,
  error: unknown,
): UseFormReturn<Values, unknown, Values> {
  const errors = useMemo(() => refusals<Values>(error), [error]);
  return useForm<Values, unknown, Values>({
    resolver: zodResolver(schema),
    defaultValues,
    ...(errors ? { errors } : {}),
  });
}

/** The hub's refusals by field: `/name` is about `name`. */
export function refusals<Values extends FieldValues>(error: unknown): FieldErrors<Values> | undefined {
  if (!(error instanceof Problem) || error.errors.length === 0) return undefined;
  return Object.fromEntries(
    error.errors.map(({ pointer, code, detail }) => [pointer.split("/")[1], { type: code, message: detail }]),
  ) as FieldErrors<Values>;
}
