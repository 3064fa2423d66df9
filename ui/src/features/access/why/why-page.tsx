import { useNavigate, useParams, useSearch } from "@tanstack/react-router";
import { PageHeader } from "@/components/page-header";
import { page, paths } from "@/paths";
import { messages } from "./messages";
import { WhyAnswer } from "./why-answer";
import { WhyForm } from "./why-form";

/** The same as the panel, at an address that can be sent to somebody. */
export function WhyPage() {
  const { org } = useParams({ from: page(paths.why) });
  const search = useSearch({ from: page(paths.why) });
  const navigate = useNavigate();
  const question = { ...search, org };
  return (
    <div className="max-w-2xl">
      <PageHeader title={messages.title} description={messages.description} />
      <WhyForm
        question={question}
        onChange={({ org: _, ...next }) =>
          void navigate({ to: paths.why, params: { org }, search: next, replace: true })
        }
      />
      <WhyAnswer question={question} />
    </div>
  );
}
