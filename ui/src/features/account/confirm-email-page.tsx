import { useMutation } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { confirmEmailChange } from "@/api/account";
import { Problem, reasonOf } from "@/api/problem";
import { keys } from "@/api/queries";
import { FrontPage } from "@/components/front-page";
import { Button } from "@/components/ui/button";
import { useLinkSecret } from "@/lib/link-secret";
import { usePageTitle } from "@/lib/page-title";
import { paths } from "@/paths";
import { messages } from "./messages";

/** Where the link leads that was mailed to another address. Confirming takes a click: mail scanners open links, too. */
export function ConfirmEmailPage() {
  usePageTitle(messages.email.confirmTitle);
  const secret = useLinkSecret();
  const confirm = useMutation({
    mutationFn: () => confirmEmailChange(secret),
    meta: { awaits: [keys.session] },
  });
  const gone = secret === "" || (confirm.error instanceof Problem && confirm.error.status === 404);
  const failed = confirm.error && reasonOf(confirm.error);
  const lead = gone ? messages.email.gone : (failed ?? messages.email.confirmLead);
  if (confirm.isSuccess || gone) {
    return (
      <FrontPage
        title={messages.email.confirmTitle}
        lead={confirm.isSuccess ? messages.email.confirmed : lead}
      >
        <Button asChild look="primary" size="lg" className="w-full">
          <Link to={paths.account}>{messages.email.open}</Link>
        </Button>
      </FrontPage>
    );
  }
  return (
    <FrontPage title={messages.email.confirmTitle} lead={lead}>
      <Button
        look="primary"
        size="lg"
        busy={confirm.isPending}
        className="w-full"
        onClick={() => confirm.mutate()}
      >
        {messages.email.confirm}
      </Button>
    </FrontPage>
  );
}
