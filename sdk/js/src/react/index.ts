"use client";

export { Flag, type FlagProps } from "./flag.js";
export { useFlag, useFlagDetail, useFlags, usePeekaboo } from "./hooks.js";
export { PeekabooProvider, type PeekabooProviderProps } from "./provider.js";
