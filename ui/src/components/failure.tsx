import { useQueryErrorResetBoundary } from "@tanstack/react-query";
import type { ErrorComponentProps } from "@tanstack/react-router";
import { Link, useRouter } from "@tanstack/react-router";
import { asProblem } from "@/api/problem";
import { Button } from "@/components/ui/button";
import { Empty } from "@/components/ui/empty";
import { PartMissing } from "@/lib/lazy-part";
import { paths } from "@/paths";

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
          title="This page could not be loaded"
          action={
            <div className="flex flex-wrap justify-center gap-2">
              <Button look="primary" onClick={retry}>
                Try again
              </Button>
              <Button onClick={() => location.reload()}>Reload the dashboard</Button>
            </div>
          }
        >
          Its code could not be downloaded. You may be offline, or the dashboard was updated: then reload it.
          Your unsaved changes are kept.
        </Empty>
      </div>
    );
  }
  const problem = asProblem(error);
  if (problem.status === 404) return <Missing />;
  const title =
    problem.status === 403 ? "You don’t have access to this page" : "This page could not be loaded";
  return (
    <div role="alert">
      <Empty title={title} action={<Button onClick={retry}>Try again</Button>}>
        {problem.message}
      </Empty>
    </div>
  );
}

export function Missing() {
  return (
    <Empty
      title="Page not found"
      action={
        <Button asChild>
          <Link to={paths.home}>Go to your flags</Link>
        </Button>
      }
    >
      It may have been deleted or renamed, or the address is misspelled.
    </Empty>
  );
}
