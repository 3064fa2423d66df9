import { z } from "zod";
import { keyProblem } from "@/lib/slug";

// What the hub's fields have in common, checked before anything is sent. The hub has the last word.

export const nameSchema = z
  .string()
  .trim()
  .min(1, "Enter a name.")
  .max(200, "A name has at most 200 characters.");

/** The name of what may go by its key alone. */
export const optionalNameSchema = z.string().trim().max(200, "A name has at most 200 characters.");

export const keySchema = z.string().superRefine((key, context) => {
  const problem = keyProblem(key);
  if (problem) context.addIssue({ code: "custom", message: problem });
});

export const emailSchema = z.email("Enter an email address.");

export const descriptionSchema = z.string().max(2000, "A description has at most 2,000 characters.");
