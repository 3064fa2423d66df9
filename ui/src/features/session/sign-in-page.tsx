import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import { FrontPage } from "@/components/front-page";
import { buttonStyle } from "@/components/ui/button";
import { paths } from "@/paths";
import { CredentialsForm } from "./credentials-form";
import { messages } from "./messages";

export function SignInPage() {
  const navigate = useNavigate();
  const { next } = useSearch({ from: paths.signIn });
  return (
    <FrontPage title={messages.signIn} lead={messages.signInLead}>
      <CredentialsForm onSignedIn={() => void navigate({ href: next ?? "/", replace: true })} />
      <p className="mt-4 text-center text-sm">
        <Link to={paths.forgot} className={buttonStyle({ look: "link", size: "none" })}>
          {messages.forgot.link}
        </Link>
      </p>
    </FrontPage>
  );
}
