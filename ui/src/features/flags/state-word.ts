import type { Flag } from "@/api/types";

/** What a flag does in an environment, in a word or two. */
export function stateWord(state: Flag["environments"][string] | undefined): string {
  if (!state?.enabled) return "Off";
  if (state.ruleCount === 0) return "On";
  return state.ruleCount === 1 ? "1 rule" : `${state.ruleCount} rules`;
}
