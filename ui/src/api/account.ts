import { answer, api } from "./http";
import type { AccountChange } from "./types";

export const updateAccount = (body: AccountChange) => answer(api.PATCH("/api/v1/account", { body }));
export const changePassword = (body: { password: string; newPassword: string }) =>
  answer(api.POST("/api/v1/account/password", { body }));
export const requestEmailChange = (body: { email: string; password: string }) =>
  answer(api.POST("/api/v1/account/email", { body }));
export const confirmEmailChange = (secret: string) =>
  answer(api.POST("/api/v1/account/email/confirm", { body: { secret } }));

export const listSessions = () => answer(api.GET("/api/v1/account/sessions"));
export const endSession = (session: string) =>
  answer(api.DELETE("/api/v1/account/sessions/{session}", { params: { path: { session } } }));
export const endOtherSessions = () => answer(api.DELETE("/api/v1/account/sessions"));

const SECOND_FACTOR = "/api/v1/account/second-factor";

export const getSecondFactor = () => answer(api.GET(SECOND_FACTOR));
export const beginSecondFactor = (password: string) =>
  answer(api.POST(SECOND_FACTOR, { body: { password } }));
export const confirmSecondFactor = (code: string) =>
  answer(api.POST(`${SECOND_FACTOR}/confirm`, { body: { code } }));
export const removeSecondFactor = (body: { password: string; code: string }) =>
  answer(api.POST(`${SECOND_FACTOR}/remove`, { body }));
export const replaceRecoveryCodes = (body: { password: string; code: string }) =>
  answer(api.POST(`${SECOND_FACTOR}/recovery-codes`, { body }));

export const requestPasswordReset = (email: string) =>
  answer(api.POST("/api/v1/password-resets", { body: { email } }));
export const resetPassword = (body: { secret: string; password: string }) =>
  answer(api.POST("/api/v1/password-resets/complete", { body }));
