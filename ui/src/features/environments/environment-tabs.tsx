import { Link } from "@tanstack/react-router";
import type { EnvironmentScope } from "@/api/projects";
import { paths } from "@/paths";
import { messages } from "./messages";

const TAB =
  "-mb-px border-b-2 border-transparent py-2 text-sm font-medium text-muted hover:text-ink aria-[current=page]:border-ink aria-[current=page]:text-ink";

/** The pages of one environment. */
export function EnvironmentTabs({ scope }: { scope: EnvironmentScope }) {
  return (
    <nav aria-label={messages.tabs.label} className="mb-6 flex gap-[18px] border-b">
      <Link to={paths.environment} params={scope} activeOptions={{ exact: true }} className={TAB}>
        {messages.tabs.keys}
      </Link>
      <Link to={paths.connect} params={scope} className={TAB}>
        {messages.tabs.connect}
      </Link>
      <Link to={paths.environmentSettings} params={scope} className={TAB}>
        {messages.tabs.settings}
      </Link>
    </nav>
  );
}
