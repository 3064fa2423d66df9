import type { Environment } from "@/api/types";
import { cn } from "@/lib/cn";

/** An environment's color as a dot; production's has a ring, so that color alone does not tell it. */
export function EnvironmentDot({ environment, className }: { environment: Environment; className?: string }) {
  return (
    <span
      aria-hidden
      style={{ background: environment.color, outlineColor: environment.color }}
      className={cn(
        "inline-block size-2 shrink-0 rounded-full",
        environment.production && "outline-1 outline-offset-1",
        className,
      )}
    />
  );
}

export function EnvironmentName({
  environment,
  className,
}: {
  environment: Environment;
  className?: string;
}) {
  return (
    <span className={cn("inline-flex min-w-0 items-center gap-1.5", className)}>
      <EnvironmentDot environment={environment} />
      <span className="truncate">{environment.name}</span>
    </span>
  );
}
