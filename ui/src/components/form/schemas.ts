import { z } from "zod";
import { keyProblem, subjectKeyProblem } from "@/lib/slug";
import { messages } from "../messages";

// What the hub's fields have in common, checked before anything is sent. The hub has the last word.

const MAX_NAME_LENGTH = 200;
const MAX_DESCRIPTION_LENGTH = 2000;

/** The name of what may go by its key alone. */
export const optionalNameSchema = z
  .string()
  .trim()
  .max(MAX_NAME_LENGTH, { error: () => messages.form.nameTooLong(MAX_NAME_LENGTH) });

export const nameSchema = optionalNameSchema.min(1, { error: () => messages.form.nameMissing });

const keyBy = (problemOf: (key: string) => string | undefined) =>
  z.string().superRefine((key, context) => {
    const problem = problemOf(key);
    if (problem) context.addIssue({ code: "custom", message: problem });
  });

export const keySchema = keyBy(keyProblem);

/** The key of a flag or segment. */
export const subjectKeySchema = keyBy(subjectKeyProblem);

export const emailSchema = z.email({ error: () => messages.form.emailInvalid });

export const descriptionSchema = z
  .string()
  .max(MAX_DESCRIPTION_LENGTH, { error: () => messages.form.descriptionTooLong(MAX_DESCRIPTION_LENGTH) });
