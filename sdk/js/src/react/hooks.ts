/** Reading flags in components. A component renders again for the flags that it reads, and for no others. */

import { useMemo, useSyncExternalStore } from "react";
import type { Detail, FlagClient, Json } from "../types.js";
import { useSource } from "./provider.js";
import type { Reader } from "./reader.js";
import { createAllReader, createFlagReader } from "./reader.js";
import { waitForValues } from "./suspend.js";

/**
 * The value of a flag; `defaultValue` where it is unknown, of another type than that, or serves no variation. The
 * component renders again when the value changes.
 */
export function useFlag(key: string, defaultValue: boolean): boolean;
export function useFlag(key: string, defaultValue: string): string;
export function useFlag(key: string, defaultValue: number): number;
export function useFlag(key: string, defaultValue: null): Json;
export function useFlag<T extends object>(key: string, defaultValue: T): T;
export function useFlag<T>(key: string, defaultValue: T): T {
  const { follow, read, initial } = useFlagReader(key, defaultValue);
  const [now, first] = [() => read().value, () => initial().value];
  return useSyncExternalStore(follow, now, first);
}

/**
 * The value of a flag with its reason. The component renders again when the value changes; the reason is also updated
 * when the client's status changes.
 */
export function useFlagDetail(key: string, defaultValue: boolean): Detail<boolean>;
export function useFlagDetail(key: string, defaultValue: string): Detail<string>;
export function useFlagDetail(key: string, defaultValue: number): Detail<number>;
export function useFlagDetail(key: string, defaultValue: null): Detail<Json>;
export function useFlagDetail<T extends object>(key: string, defaultValue: T): Detail<T>;
export function useFlagDetail<T>(key: string, defaultValue: T): Detail<T> {
  const { follow, read, initial } = useFlagReader(key, defaultValue);
  return useSyncExternalStore(follow, read, initial);
}

/** Every flag that serves a value. The component renders again at every change: where that is too often, `useFlag`. */
export function useFlags(): Readonly<Record<string, Json>> {
  const source = useSource();
  waitForValues(source);
  const { follow, read, initial } = useMemo(() => createAllReader(source), [source]);
  return useSyncExternalStore(follow, read, initial);
}

/** The client, to `identify` or `track` with; undefined where the provider has none, as on a server. */
export function usePeekaboo(): FlagClient | undefined {
  return useSource().client;
}

function useFlagReader<T>(key: string, defaultValue: T): Reader<Detail<T>> {
  const source = useSource();
  waitForValues(source);
  return useMemo(() => createFlagReader(source, key, defaultValue), [source, key, defaultValue]);
}
