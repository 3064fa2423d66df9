import type { ReactNode } from "react";

/** Why somebody may not do something, with more to tell than fits into a hint. */
export interface Refused {
  /** What they need. */
  text: string;
  /** Who can give it to them; rendered only while it is read. */
  givers: ReactNode;
  /** Shows the whole explanation. Pressing what is disabled does it, so it can also be found without hover. */
  explain: () => void;
}

/** Why something cannot be done now; nothing where it can. */
export type Reason = Refused | string | null | undefined | false;

export function isRefused(reason: Reason): reason is Refused {
  return typeof reason === "object" && reason !== null;
}

/** The reason where only plain text has a place. */
export function reasonText(reason: Reason): string | undefined {
  return isRefused(reason) ? reason.text : reason || undefined;
}

/** The reason as it is read in a hint, a menu or an empty page. */
export function ReasonText({ reason }: { reason: Reason }) {
  if (!isRefused(reason)) return reason || null;
  return (
    <>
      {reason.text} {reason.givers}
    </>
  );
}
