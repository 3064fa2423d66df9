import { Check, Copy } from "lucide-react";
import { useEffect, useState } from "react";
import { copyText } from "@/lib/clipboard";
import { messages } from "../messages";
import type { ButtonProps } from "./button";
import { Button } from "./button";

export interface CopyButtonProps extends Omit<ButtonProps, "onClick" | "children"> {
  text: string;
  /** What is copied, for its accessible name: "Copy flag key". */
  label: string;
  /** Shows the words beside the icon. */
  caption?: string;
}

export function CopyButton({ text, label, caption, ...rest }: CopyButtonProps) {
  const [copied, setCopied] = useState(false);
  useEffect(() => {
    if (!copied) return;
    const timer = setTimeout(() => setCopied(false), 1600);
    return () => clearTimeout(timer);
  }, [copied]);
  return (
    <Button
      look="ghost"
      size={caption ? "sm" : "icon-sm"}
      aria-label={caption ? undefined : label}
      title={label}
      onClick={() => void copyText(text).then(() => setCopied(true))}
      {...rest}
    >
      {copied ? <Check className="text-good" aria-hidden /> : <Copy aria-hidden />}
      {caption && (copied ? messages.copied : caption)}
      <span className="sr-only" role="status">
        {copied ? messages.copied : ""}
      </span>
    </Button>
  );
}
