import type { Flag } from "@/api/types";
import { messages } from "./messages";

/** What a flag does in an environment, in a word or two. */
export function stateWord(state: Flag["environments"][string] | undefined): string {
  if (!state?.enabled) return messages.state.off;
  if (state.ruleCount === 0) return messages.state.on;
  return messages.state.rules(state.ruleCount);
}
