import type { ReactNode } from "react";
import type { Json } from "../types.js";
import { useFlag } from "./hooks.js";

export interface FlagProps {
  /** The flag's key. */
  readonly name: string;
  /** The value for which `children` are shown. Default: true. */
  readonly is?: boolean | string | number | undefined;
  /** What is shown for every other value, and where the flag is unknown. Default: nothing. */
  readonly fallback?: ReactNode | undefined;
  readonly children?: ReactNode | undefined;
}

/** Shows its children while a flag serves one value, and `fallback` otherwise. */
export function Flag({ name, is = true, fallback = null, children }: FlagProps): ReactNode {
  const value: Json = useFlag(name, null);
  return value === is ? children : fallback;
}
