import { answer, api, signedOut } from "./http";
import { Problem } from "./problem";
import type { components } from "./schema.gen";

export type Setup = components["schemas"]["CompleteSetup"];

export const getSetup = () => answer(api.GET("/api/v1/setup"));
export const completeSetup = (body: Setup) => answer(api.POST("/api/v1/setup", { body }));
export const getSession = () => answer(api.GET("/api/v1/session"));
export const signIn = (body: { email: string; password: string; code?: string }) =>
  answer(api.POST("/api/v1/session", { body }));
export const signOut = () => answer(api.DELETE("/api/v1/session"));

/** Asks whether the session still lives, for what cannot see why it was refused, such as a stream; tells if it does not. */
export async function checkSession(): Promise<void> {
  try {
    await getSession();
  } catch (error) {
    if (error instanceof Problem && error.status === 401) signedOut();
  }
}
