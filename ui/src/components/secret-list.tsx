import { TriangleAlert } from "lucide-react";
import { CopyButton } from "@/components/ui/copy-button";
import { messages } from "./messages";

export interface SecretListProps {
  secrets: { label: string; secret: string }[];
}

/** Secrets that are shown this once: the hub keeps only their hash. */
export function SecretList({ secrets }: SecretListProps) {
  return (
    <div className="space-y-3">
      <p className="flex items-start gap-2 rounded-md bg-boo-soft px-3 py-2 text-sm text-boo-ink">
        <TriangleAlert className="mt-0.5 size-4 shrink-0" aria-hidden />
        {messages.secrets.once(secrets.length)}
      </p>
      <ul className="space-y-2">
        {secrets.map(({ label, secret }) => (
          <li key={label}>
            <p className="mb-1 text-xs text-muted">{label}</p>
            <div className="flex items-center gap-1 rounded-md border bg-sunken py-1 pr-1 pl-3">
              <code className="min-w-0 flex-1 font-mono text-xs break-all">{secret}</code>
              <CopyButton text={secret} label={messages.secrets.copy(label)} />
            </div>
          </li>
        ))}
      </ul>
    </div>
  );
}
