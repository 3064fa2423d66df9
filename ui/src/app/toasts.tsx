import { Toaster } from "sonner";

export function Toasts() {
  return (
    <Toaster
      position="bottom-right"
      gap={8}
      style={{ fontFamily: "inherit" }}
      toastOptions={{
        unstyled: true,
        classNames: {
          toast:
            "flex w-[min(22rem,calc(100vw-2rem))] items-start gap-2.5 rounded-lg border bg-panel px-3.5 py-3 text-sm text-ink shadow-float",
          title: "font-medium",
          description: "text-xs text-muted",
          icon: "mt-0.5 text-muted",
          success: "[&_[data-icon]]:text-good",
          error: "[&_[data-icon]]:text-danger",
          actionButton:
            "ml-auto shrink-0 rounded-md px-2 py-1 text-xs font-medium text-brand hover:bg-raised",
        },
      }}
    />
  );
}
