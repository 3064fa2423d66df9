import { Hint } from "@/components/ui/hint";
import { useLiveState } from "@/domain/live/live-feed";
import { cn } from "@/lib/cn";

const WORDS = {
  connecting: ["Connecting…", "Opening the stream of changes."],
  live: ["Live", "What others change shows here at once."],
  offline: [
    "Offline",
    "You have no connection. Changes fail until you are connected again; what you see may be old.",
  ],
  reconnecting: [
    "Reconnecting…",
    "The hub cannot be reached just now. What you see may be old; it catches up by itself.",
  ],
} as const;

export function LiveBadge() {
  const state = useLiveState();
  const [word, explanation] = WORDS[state];
  return (
    <Hint text={explanation} side="right">
      <button
        type="button"
        className="flex items-center gap-2 rounded-md px-2 py-1 text-xs text-muted cursor-help"
      >
        <span
          aria-hidden
          className={cn("size-2 rounded-full", state === "live" ? "bg-on" : "animate-pulse-soft bg-boo")}
        />
        <span role="status">{word}</span>
      </button>
    </Hint>
  );
}
