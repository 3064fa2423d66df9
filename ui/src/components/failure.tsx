import { useQueryErrorResetBoundary } from "@tanstack/react-query";
import type { ErrorComponentProps } from "@tanstack/react-router";
import { Link, useRouter } from "@tanstack/react-router";
import { asProblem } from "@/api/problem";
import { Button } from "@/components/ui/button";
import { Empty } from "@/components/ui/empty";
import { PartMissing } from "@/lib/lazy-part";
import { usePageTitle } from "@/lib/page-title";
import { paths } from "@/paths";
import { messages } from "./messages";

/** A page that could not be read: says why, and offers to try again. */
export function Failure({ error }: ErrorComponentProps) {
  const router = useRouter();
  const { reset } = useQueryErrorResetBoundary();
  const retry = () => {
    reset();
    void router.invalidate();
  };
  if (error instanceof PartMissing) {
    return (
      <div role="alert">
        <Empty
          heading
          title={messages.failure.notLoaded}
          action={
            <div className="flex flex-wrap justify-center gap-2">
              <Button look="primary" onClick={retry}>
                {messages.tryAgain}
              </Button>
              <Button onClick={() => location.reload()}>{messages.failure.reload}</Button>
            </div>
          }
        >
          {messages.failure.codeMissing}
        </Empty>
      </div>
    );
  }
  const problem = asProblem(error);
  if (problem.status === 404) return <Missing />;
  const title = problem.status === 403 ? messages.failure.noAccess : messages.failure.notLoaded;
  return (
    <div role="alert">
      <Empty heading title={title} action={<Button onClick={retry}>{messages.tryAgain}</Button>}>
        {problem.message}
      </Empty>
    </div>
  );
}

export function Missing() {
  usePageTitle(messages.failure.notFound);
  return (
    <Empty
      heading
      title={messages.failure.notFound}
      action={
        <Button asChild>
          <Link to={paths.home}>{messages.failure.goHome}</Link>
        </Button>
      }
    >
      {messages.failure.notFoundWhy}
    </Empty>
  );
}
