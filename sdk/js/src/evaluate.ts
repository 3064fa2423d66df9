import type { Detail, ErrorCode } from "./types.js";
import type { State } from "./values.js";
import { served } from "./values.js";

/**
 * What a flag serves, with the reason. `type` is what `typeof` says of the value asked for; without it any will do. A
 * value that cannot be given is answered with the caller's default and an error code, never with an exception.
 */
export function evaluate<T>(state: State | null, key: string, fallback: T, type?: string): Detail<T> {
  const failed = (errorCode: ErrorCode, errorDetails: string): Detail<T> => ({
    value: fallback,
    variation: null,
    reason: "ERROR",
    flagVersion: entry?.[3],
    errorCode,
    errorDetails,
  });

  const entry = state?.values.get(key);
  if (!state) return failed("PROVIDER_NOT_READY", "no values yet");
  if (!entry) return failed("FLAG_NOT_FOUND", "no flag or not client-visible");
  const [, variation, reason, flagVersion, flagMetadata] = entry;
  const value = served(entry);
  if (value === undefined && reason === "ERROR") return failed("GENERAL", "malformed");
  if (value !== undefined && type && (typeof value !== type || value === null)) {
    return failed("TYPE_MISMATCH", `not a ${type}`);
  }
  return {
    value: value === undefined ? fallback : (value as T),
    variation,
    reason,
    flagVersion,
    flagMetadata,
  };
}
