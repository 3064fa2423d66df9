import { useNavigate, useSearch } from "@tanstack/react-router";
import { FrontPage } from "@/components/front-page";
import { paths } from "@/paths";
import { CredentialsForm } from "./credentials-form";

export function SignInPage() {
  const navigate = useNavigate();
  const { next } = useSearch({ from: paths.signIn });
  return (
    <FrontPage title="Sign in" lead="Welcome back. Your flags have been waiting.">
      <CredentialsForm onSignedIn={() => void navigate({ href: next ?? "/", replace: true })} />
    </FrontPage>
  );
}
