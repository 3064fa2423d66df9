import type { Change } from "@/domain/targeting/changes";
import { ChangeList } from "./change-list";
import { RawDiff } from "./raw-diff";

export interface ReviewProps {
  changes: readonly Change[];
  /** Both states, to compare them as JSON. */
  states?: { before: unknown; after: unknown };
}

/** What a change would do, in words and as JSON: shown in a `Confirm` before it is done. */
export function Review({ changes, states }: ReviewProps) {
  return (
    <>
      <ChangeList changes={changes} />
      {states && <RawDiff before={states.before} after={states.after} />}
    </>
  );
}
