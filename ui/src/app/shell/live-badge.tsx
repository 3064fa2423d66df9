import { LoaderCircle, Wifi, WifiOff } from "lucide-react";
import { Hint } from "@/components/ui/hint";
import { useLiveState } from "@/domain/live/live-feed";
import { cn } from "@/lib/cn";
import { messages } from "../messages";

const LOOKS = {
  connecting: { icon: LoaderCircle, tone: "text-faint" },
  live: { icon: Wifi, tone: "text-good" },
  reconnecting: { icon: WifiOff, tone: "text-boo-ink" },
  offline: { icon: WifiOff, tone: "text-danger" },
} as const;

/** Whether changes arrive. On phones the icon alone, unless something is wrong. */
export function LiveBadge() {
  const state = useLiveState();
  const { icon: Icon, tone } = LOOKS[state];
  const { word, explanation } = messages.live[state];
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
