/** A detail in OpenFeature's words. Needs none of OpenFeature's packages, so that every provider shares it. */

import type { Detail } from "../types.js";

/** What all of OpenFeature's SDKs take as the details of a resolution. */
export interface Resolution<T> {
  readonly value: T;
  readonly reason: string;
  readonly variant?: string;
  /** OpenFeature's codes are an enum of strings, of which ours are some. */
  readonly errorCode?: never;
  readonly errorMessage?: string;
  readonly flagMetadata: { readonly flagVersion?: number };
}

/** A detail of either client: the Node client's knows more error codes. */
type AnyDetail<T> = Omit<Detail<T>, "errorCode"> & { readonly errorCode?: string };

export function resolution<T>(detail: AnyDetail<T>): Resolution<T> {
  const { value, variation, reason, flagVersion, errorCode, errorDetails } = detail;
  return {
    value,
    reason,
    ...(variation === null ? {} : { variant: variation }),
    ...(errorCode ? { errorCode: errorCode as never, errorMessage: errorDetails ?? errorCode } : {}),
    flagMetadata: flagVersion === undefined ? {} : { flagVersion },
  };
}

/** An object flag's, whatever the caller's default is: OpenFeature allows any JSON as one, null too. */
export function objectResolution<T>(
  evaluate: (fallback: object) => AnyDetail<object>,
  fallback: T,
): Resolution<T> {
  const none = {};
  const detail = evaluate(none);
  return resolution({ ...detail, value: (detail.value === none ? fallback : detail.value) as T });
}
