/** A detail in OpenFeature's words. Needs none of OpenFeature's packages, so that every provider shares it. */

import type { Detail, FlagMetadata } from "../types.js";

/** What all of OpenFeature's SDKs take as the details of a resolution. */
export interface Resolution<T> {
  readonly value: T;
  readonly reason: string;
  readonly variant?: string;
  /** OpenFeature's codes are an enum of strings, of which ours are some. */
  readonly errorCode?: never;
  readonly errorMessage?: string;
  readonly flagMetadata: FlagMetadata;
}

/** What is known next to the detail; named as OpenFeature's Appendix D names it for telemetry. */
export interface Surroundings {
  /** What people noted about the flag. */
  readonly notes?: FlagMetadata | undefined;
  /** The version of the flags or rules evaluated by; 0 if there is none. */
  readonly version: number;
  /** Which environment they are of. */
  readonly flagSetId?: string | undefined;
  /** Who the flag was evaluated for. */
  readonly contextId?: unknown;
}

/** A detail of either client: the Node client's knows more error codes. */
type AnyDetail<T> = Omit<Detail<T>, "errorCode"> & { readonly errorCode?: string };

export function resolution<T>(detail: AnyDetail<T>, around: Surroundings): Resolution<T> {
  const { value, variation, reason, flagVersion, errorCode, errorDetails } = detail;
  return {
    value,
    reason,
    ...(variation === null ? {} : { variant: variation }),
    ...(errorCode ? { errorCode: errorCode as never, errorMessage: errorDetails ?? errorCode } : {}),
    flagMetadata: metadata(flagVersion, around),
  };
}

function metadata(flagVersion: number | undefined, around: Surroundings): FlagMetadata {
  const { notes, version, flagSetId, contextId } = around;
  return {
    ...notes,
    ...(flagVersion === undefined ? {} : { flagVersion }),
    ...(version > 0 ? { version: String(version) } : {}),
    ...(flagSetId ? { flagSetId } : {}),
    ...(typeof contextId === "string" ? { contextId } : {}),
  };
}

/** An object flag's, whatever the caller's default is: OpenFeature allows any JSON as one, null too. */
export function objectResolution<T>(
  evaluate: (fallback: object) => AnyDetail<object>,
  fallback: T,
  around: Surroundings,
): Resolution<T> {
  const none = {};
  const detail = evaluate(none);
  return resolution({ ...detail, value: (detail.value === none ? fallback : detail.value) as T }, around);
}
