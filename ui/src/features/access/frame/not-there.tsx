import { Empty } from "@/components/ui/empty";
import { messages } from "./messages";

/** Stands for the details of something that is no longer, or never was, in the list. */
export function NotThere() {
  return (
    <Empty heading title={messages.notFound}>
      {messages.notFoundHelp}
    </Empty>
  );
}
