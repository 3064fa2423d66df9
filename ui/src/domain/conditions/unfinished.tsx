import type { ReactNode } from "react";
import { useEffect, useRef, useState } from "react";
import { EditorProvider, useEditor } from "./editor-context";

/** Menus and lists of choices stand elsewhere in the document and still belong to what opened them. */
const FLOATING = "[data-radix-popper-content-wrapper]";

export interface UnfinishedProps {
  /** Whether it is blank, as when it has just been added. */
  blank: boolean;
  className?: string;
  children: ReactNode;
}

/**
 * A part of an editor that people fill in. What is missing in a part that was blank at first is not shown as a mistake
 * until they have been in it and gone on, or have set about saving.
 */
export function Unfinished({ blank, className, children }: UnfinishedProps) {
  const editor = useEditor();
  const part = useRef<HTMLDivElement>(null);
  const [began] = useState(editor.attempts);
  const [left, setLeft] = useState(!blank);
  useEffect(() => {
    if (left) return;
    let entered = false;
    let gone = false;
    let pressed = false;
    const look = ({ target, type }: Event) => {
      pressed ||= type === "pointerdown";
      if (!(target instanceof Element)) return;
      if (part.current?.contains(target)) entered = true;
      else if (entered && !target.closest(FLOATING)) gone = true;
      if (gone && !pressed) setLeft(true);
    };
    // What is said takes room: nothing moves away from under a press before it has become a click.
    const release = () => {
      pressed = false;
      if (gone) setTimeout(() => setLeft(true));
    };
    document.addEventListener("focusin", look);
    document.addEventListener("pointerdown", look);
    document.addEventListener("pointerup", release);
    document.addEventListener("pointercancel", release);
    return () => {
      document.removeEventListener("focusin", look);
      document.removeEventListener("pointerdown", look);
      document.removeEventListener("pointerup", release);
      document.removeEventListener("pointercancel", release);
    };
  }, [left]);
  const quiet = !left && editor.attempts === began;
  const shown = quiet ? { ...editor, problems: editor.problems.filter(({ missing }) => !missing) } : editor;
  return (
    <div ref={part} className={className}>
      <EditorProvider value={shown}>{children}</EditorProvider>
    </div>
  );
}
