import { useNavigate, useSearch } from "@tanstack/react-router";
import { FrontPage } from "@/components/front-page";
import { paths } from "@/paths";
import { CredentialsForm } from "./credentials-form";
import { messages } from "./messages";

export function SignInPage() {
  const navigate = useNavigate();
  const { next } = useSearch({ from: paths.signIn });
  return (
    <FrontPage title={messages.signIn} lead={messages.signInLead}>
      <CredentialsForm onSignedIn={() => void navigate({ href: next ?? "/", replace: true })} />
    </FrontPage>
  );
}
