import { useEffect, useState } from "react";
import { useLiveState } from "@/domain/live/live-feed";
import { same } from "@/lib/same";
import type { Draft, Held, Merge } from "./draft";
import { compare, settle } from "./draft";
import { messages } from "./messages";
import { heldDraft, keepDraft, useHeldDraft } from "./store";

export interface DraftOptions<T> {
  /** Names what is edited; drafts of the same id are the same draft. */
  id: string;
  /** What the hub holds. */
  held: T;
  version: number;
  merge: Merge<T>;
  /** Others' changes go under mine without a question where nothing clashes: for forms that send only what changed. */
  follows?: boolean;
  /** A save is under way: what is newer may be that very save. */
  saving?: boolean;
}

export interface DraftEditor<T> {
  /** What stands in the fields. */
  value: T;
  /** What the changes are made on, and its version: what a save must be guarded by. */
  base: T;
  version: number;
  isChanged: boolean;
  /** Set when somebody else has changed what is being edited, until it is decided what to keep. */
  theirs: T | null;
  /** Why it cannot be saved now, whatever it says. */
  blocked: string | null;
  edit: (part: Partial<T>) => void;
  discard: () => void;
  /** Puts my changes on top of theirs; names what both had changed. */
  reapply: () => string[];
  /** A save of `sent` was answered. */
  saved: (sent: T, answer: T, version: number) => void;
  /** A save was refused, for this is what the hub holds now. */
  overtaken: (held: T, version: number) => void;
}

/**
 * Edits something that others may change meanwhile: nobody's change is lost, and nobody's is overwritten unseen.
 *
 * What is unsaved survives tabs, pages, an ended session and a reload. The browser warns before the window is closed.
 */
export function useDraft<T extends object>(options: DraftOptions<T>): DraftEditor<T> {
  const { id, held, version, merge, follows = false, saving = false } = options;
  const draft = useHeldDraft<T>(id);
  const offline = useLiveState() === "offline";
  const [told, setTold] = useState<Held<T> | null>(null);
  const latest = told && told.version > version ? told : { value: held, version };
  const newer = draft && !saving ? compare(draft, latest, merge, follows) : null;
  const followed = newer?.kind === "follow" ? newer.draft : null;
  useEffect(() => {
    if (followed) keepDraft(id, followed);
  });
  const shown: Draft<T> = followed ??
    draft ?? { base: latest.value, version: latest.version, mine: latest.value };
  const theirs = newer?.kind === "ask" ? newer.theirs : null;
  return {
    value: shown.mine,
    base: shown.base,
    version: shown.version,
    isChanged: !same(shown.base, shown.mine),
    theirs: theirs?.value ?? null,
    blocked: blockedBy(theirs !== null, offline),
    edit: (part) => {
      const now = heldDraft<T>(id) ?? shown;
      keepDraft(id, { ...now, mine: { ...now.mine, ...part } });
    },
    discard: () => keepDraft(id, null),
    reapply: () => {
      const { value, clashes } = merge(shown.base, shown.mine, latest.value);
      keepDraft(id, { base: latest.value, version: latest.version, mine: value });
      return clashes;
    },
    saved: (sent, answer, at) => {
      setTold({ value: answer, version: at });
      // As it stands now: the answer may come to a render that is long past.
      const now = heldDraft<T>(id);
      if (now) keepDraft(id, settle(now, sent, { value: answer, version: at }, merge));
    },
    overtaken: (value, at) => setTold({ value, version: at }),
  };
}

function blockedBy(conflict: boolean, offline: boolean): string | null {
  if (conflict) return messages.conflict;
  return offline ? messages.offline : null;
}
