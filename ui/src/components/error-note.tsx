import { CloudOff } from "lucide-react";
import { reasonOf } from "@/api/problem";
import { Button } from "@/components/ui/button";
import { messages } from "./messages";

/** Part of a page that could not be read. */
export function ErrorNote({ error, retry }: { error: unknown; retry?: () => void }) {
  return (
    <div role="alert" className="flex flex-wrap items-center gap-3 rounded-lg border bg-panel px-4 py-4">
      <CloudOff className="size-5 text-danger" aria-hidden />
      <p className="min-w-0 flex-1 text-sm">{reasonOf(error)}</p>
      {retry && (
        <Button size="sm" onClick={retry}>
          {messages.tryAgain}
        </Button>
      )}
    </div>
  );
}
