import type { UseMutationResult } from "@tanstack/react-query";
import { useMutation } from "@tanstack/react-query";
import type { TargetingScope } from "@/api/flags";
import { evaluate } from "@/api/projects";
import type { Detail, TargetingConfig } from "@/api/types";

export interface Outcome {
  /** What is served now. */
  saved: Detail | undefined;
  /** What the unsaved targeting would serve; nothing where none was evaluated. */
  draft: Detail | undefined;
}

/** Evaluates a flag for a context: as it is saved and, where there is one, with a targeting that is not saved yet. */
export function useEvaluation(
  scope: TargetingScope,
  draft: TargetingConfig | undefined,
  onDone: () => void,
): UseMutationResult<Outcome, Error, Record<string, unknown>> {
  const { flag, ...environment } = scope;
  const ask = async (context: Record<string, unknown>, drafts: Record<string, TargetingConfig>) => {
    const { results } = await evaluate(environment, { context, flags: [flag], trace: true, drafts });
    return results[flag];
  };
  return useMutation({
    mutationFn: async (context) => {
      const [saved, drafted] = await Promise.all([
        ask(context, {}),
        draft && ask(context, { [flag]: draft }),
      ]);
      return { saved, draft: drafted };
    },
    onSuccess: onDone,
  });
}
