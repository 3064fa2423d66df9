import { createContext, useContext } from "react";
import type { Variation } from "@/api/types";
import type { Reason } from "@/components/ui/reason";
import type { PointedProblem } from "@/domain/targeting/problems";

/** What every part of an editor of conditions and serves needs to know. */
export interface EditorContextValue {
  org: string;
  project: string;
  /** The flag or segment that is edited; it cannot refer to itself. */
  self: { flag?: string; segment?: string };
  variations: readonly Variation[];
  problems: readonly PointedProblem[];
  /** How often somebody has set about saving: from then on nothing that is missing is left unsaid. */
  attempts: number;
  /** Why nothing here can be changed, or nothing. */
  disabledReason: Reason;
}

const EditorContext = createContext<EditorContextValue | null>(null);

export const EditorProvider = EditorContext.Provider;

export function useEditor(): EditorContextValue {
  const value = useContext(EditorContext);
  if (!value) throw new Error("an editor part stands outside of an editor");
  return value;
}

/** What is wrong at a JSON Pointer or, unless told otherwise, anywhere below it. */
export function useProblemAt(pointer: string, exact = false): string | undefined {
  const { problems } = useEditor();
  return problems.find(
    (problem) => problem.pointer === pointer || (!exact && problem.pointer.startsWith(`${pointer}/`)),
  )?.detail;
}

export const ATTRIBUTE_LIST = "known-attributes";
