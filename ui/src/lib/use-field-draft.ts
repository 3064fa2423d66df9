import { useState } from "react";
import type { FieldDraft } from "./field-draft";
import { changedFields, follow, settle } from "./field-draft";

export interface FieldEditor<T extends object> {
  /** What stands in the fields. */
  value: T;
  /** What the changes are made on, and its version: what a save must be guarded by. */
  base: T;
  version: number;
  /** What a save has to send; empty while nothing has changed. */
  changed: Partial<T>;
  /** Set when somebody else has changed a field that is being edited. */
  theirs: T | null;
  /** Why it cannot be saved as it stands. */
  blocked: string | null;
  edit: (part: Partial<T>) => void;
  takeTheirs: () => void;
  reapply: () => void;
  /** A save of `sent` was answered. */
  saved: (sent: T, answer: T, version: number) => void;
  /** A save was refused, for this is what the hub holds now. */
  overtaken: (held: T, version: number) => void;
}

/** Edits fields of something that others may change meanwhile: nobody's change is lost, and nobody's overwritten unseen. */
export function useFieldDraft<T extends object>(held: T, version: number): FieldEditor<T> {
  const [draft, setDraft] = useState<FieldDraft<T>>(() => ({ base: held, version, mine: held }));
  const [told, setTold] = useState<{ held: T; version: number } | null>(null);
  const latest = told && told.version > version ? told : { held, version };
  const newer = latest.version > draft.version;
  const followed = newer ? follow(draft, latest.held, latest.version) : null;
  if (followed) setDraft(followed);
  const theirs = newer && !followed ? latest.held : null;
  return {
    value: draft.mine,
    base: draft.base,
    version: draft.version,
    changed: changedFields(draft.base, draft.mine),
    theirs,
    blocked: theirs && "Decide above what to keep.",
    edit: (part) => setDraft((now) => ({ ...now, mine: { ...now.mine, ...part } })),
    takeTheirs: () => setDraft({ base: latest.held, version: latest.version, mine: latest.held }),
    reapply: () => setDraft((now) => settle(now, now.base, latest.held, latest.version)),
    saved: (sent, answer, at) => setDraft((now) => settle(now, sent, answer, at)),
    overtaken: (current, at) => setTold({ held: current, version: at }),
  };
}
