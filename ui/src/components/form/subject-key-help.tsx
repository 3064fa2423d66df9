import { messages } from "../messages";

export interface SubjectKeyHelpProps {
  /** Flags or segments whose keys may be alike. */
  usedKeys: readonly { key: string }[] | undefined;
  /** The key so far. */
  typed: string;
  /** What the key is for. */
  help: string;
}

/** What the key of a flag or segment is for, and a warning where another one differs only by case. */
export function SubjectKeyHelp({ usedKeys, typed, help }: SubjectKeyHelpProps) {
  const near = nearDuplicate(usedKeys ?? [], typed);
  return (
    <>
      {help}
      {near && (
        <span role="status" className="mt-1 block text-boo-ink">
          {messages.nearDuplicate(near)}
        </span>
      )}
    </>
  );
}

/** The key that differs from this one only by the case of its letters, if there is one. */
export function nearDuplicate(used: readonly { key: string }[], typed: string): string | undefined {
  const folded = typed.toLowerCase();
  return used.find(({ key }) => key !== typed && key.toLowerCase() === folded)?.key;
}
