import { useNavigate, useSearch } from "@tanstack/react-router";
import { FrontPage } from "@/components/front-page";
import { paths } from "@/paths";
import { CredentialsForm } from "./credentials-form";

export function SignInPage() {
  const navigate = useNavigate();
  const { next } = useSearch({ from: paths.signIn });
  return (
    <FrontPage title="Sign in" lead="Sign in to manage your flags.">
      <CredentialsForm onSignedIn={() => void navigate({ href: next ?? "/", replace: true })} />
    </FrontPage>
  );
}
