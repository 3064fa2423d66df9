import { useQueryErrorResetBoundary } from "@tanstack/react-query";
import type { ErrorComponentProps } from "@tanstack/react-router";
import { Link, useRouter } from "@tanstack/react-router";
import { asProblem } from "@/api/problem";
import { Button } from "@/components/ui/button";
import { Empty } from "@/components/ui/empty";
import { paths } from "@/paths";

/** A page that could not be read: says why, and offers to try again. */
export function Failure({ error }: ErrorComponentProps) {
  const router = useRouter();
  const { reset } = useQueryErrorResetBoundary();
  const problem = asProblem(error);
  if (problem.status === 404) return <Missing />;
  const retry = () => {
    reset();
    void router.invalidate();
  };
  const title = problem.status === 403 ? "You may not see this" : "This page could not be loaded";
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
      title="Nothing here"
      action={
        <Button asChild>
          <Link to={paths.home}>Go to your flags</Link>
        </Button>
      }
    >
      It may have been deleted or renamed, or the address has a slip in it.
    </Empty>
  );
}
