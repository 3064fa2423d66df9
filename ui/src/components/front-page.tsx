import type { ReactNode } from "react";
import { Peek } from "./mark";
import { messages } from "./messages";

/** The frame of the pages one sees before being signed in. */
export function FrontPage({
  title,
  lead,
  children,
}: {
  title: string;
  lead: ReactNode;
  children?: ReactNode;
}) {
  return (
    <main className="grid min-h-dvh place-items-center px-4 py-10">
      <div className="w-full max-w-sm">
        <Peek edge={false} className="mx-auto -mb-px w-28" />
        <div className="rounded-xl border bg-panel p-6 shadow-float sm:p-7">
          <h1 className="text-xl font-semibold tracking-tight">{title}</h1>
          <p className="mt-1 mb-5 text-sm text-muted">{lead}</p>
          {children}
        </div>
        <p className="mt-5 text-center text-xs text-faint">{messages.tagline}</p>
      </div>
    </main>
  );
}
