import { z } from "zod";
import { messages } from "./messages";

/** The least characters of a password. The hub has the last word. */
export const PASSWORD_LENGTH = 10;

export const newPasswordSchema = z
  .string()
  .min(PASSWORD_LENGTH, { error: () => messages.newPassword.short(PASSWORD_LENGTH) });
