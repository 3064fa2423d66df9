import type { ReactNode } from "react";
import { Component } from "react";
import { toast } from "sonner";
import { PartMissing } from "@/lib/lazy-part";
import { messages } from "./messages";

export interface PartBoundaryProps {
  children: ReactNode;
  /** The part is not shown; asking for it again tries to load it again. */
  onMissing?: () => void;
  /** Does what the part would do, if less well: then nobody has to be told. */
  fallback?: ReactNode;
}

/** Around a part that is loaded on demand: when its code cannot be downloaded, says so and leaves the page as it is. */
export class PartBoundary extends Component<PartBoundaryProps, { failed: boolean }> {
  override state = { failed: false };

  static getDerivedStateFromError(): { failed: boolean } {
    return { failed: true };
  }

  override componentDidCatch(error: unknown): void {
    if (!(error instanceof PartMissing)) throw error;
    this.props.onMissing?.();
    if (this.props.fallback !== undefined) return;
    toast.error(messages.failure.partMissing, {
      description: messages.failure.partMissingWhy,
    });
  }

  override render(): ReactNode {
    return this.state.failed ? this.props.fallback : this.props.children;
  }
}
