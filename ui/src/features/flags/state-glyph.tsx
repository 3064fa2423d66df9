/** On or off as a small sign, for where there is no switch: a check, or a dash in a ring. */
export function StateGlyph({ enabled }: { enabled: boolean }) {
  return enabled ? (
    <svg viewBox="0 0 14 14" className="size-3.5 shrink-0" aria-hidden>
      <circle cx="7" cy="7" r="6.5" className="fill-on" />
      <path
        d="m4.3 7.2 1.9 1.9 3.6-4"
        className="fill-none stroke-panel"
        strokeWidth="1.6"
        strokeLinecap="round"
        strokeLinejoin="round"
      />
    </svg>
  ) : (
    <svg viewBox="0 0 14 14" className="size-3.5 shrink-0" aria-hidden>
      <circle cx="7" cy="7" r="5.75" className="fill-none stroke-faint" strokeWidth="1.5" />
      <path d="M4.7 7h4.6" className="stroke-faint" strokeWidth="1.5" strokeLinecap="round" />
    </svg>
  );
}
