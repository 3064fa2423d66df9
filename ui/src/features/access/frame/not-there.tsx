import { Empty } from "@/components/ui/empty";
import { messages } from "./messages";

/** Shown instead of the details of something that is not in the list. */
export function NotThere() {
  return (
    <Empty heading title={messages.notFound}>
      {messages.notFoundHelp}
    </Empty>
  );
}
