import { LoaderCircle, Wifi, WifiOff } from "lucide-react";
import { Hint } from "@/components/ui/hint";
import { useLiveState } from "@/domain/live/live-feed";
import { cn } from "@/lib/cn";

const STATES = {
  connecting: {
    word: "Connecting…",
    explanation: "Opening the stream of changes.",
    icon: LoaderCircle,
    tone: "text-faint",
  },
  live: {
    word: "Live",
    explanation: "Changes made by others appear here as they happen.",
    icon: Wifi,
    tone: "text-good",
  },
  reconnecting: {
    word: "Reconnecting…",
    explanation: "The hub cannot be reached. What you see may be outdated until it is back.",
    icon: WifiOff,
    tone: "text-boo-ink",
  },
  offline: {
    word: "Offline",
    explanation: "You have no connection. Changes fail until you are connected again.",
    icon: WifiOff,
    tone: "text-danger",
  },
} as const;

/** Whether changes arrive. On phones the icon alone, unless something is wrong. */
export function LiveBadge() {
  const state = useLiveState();
  const { word, explanation, icon: Icon, tone } = STATES[state];
  return (
    <Hint text={explanation} side="bottom">
      <button
        type="button"
        className="flex cursor-help items-center gap-1.5 rounded-md px-1.5 py-1 text-xs text-muted"
      >
        <Icon className={cn("size-3.5 shrink-0", tone)} aria-hidden />
        <span role="status" className={cn(state === "live" && "max-sm:sr-only")}>
          {word}
        </span>
      </button>
    </Hint>
  );
}
