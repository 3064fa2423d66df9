/** A key to press; in the color of the words around it. */
export function Kbd({ children }: { children: string }) {
  return (
    <kbd className="inline-grid h-4.5 shrink-0 whitespace-nowrap min-w-4.5 place-items-center rounded border border-current/30 px-1 font-sans text-2xs">
      {children}
    </kbd>
  );
}
