import { useSuspenseQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { ArrowLeft } from "lucide-react";
import { sessionQuery } from "@/api/queries";
import { PageHeader } from "@/components/page-header";
import { paths } from "@/paths";
import { EmailSection } from "./email-section";
import { messages } from "./messages";
import { PasswordSection } from "./password-section";
import { ProfileSection } from "./profile-section";
import { SecondFactorSection } from "./second-factor-section";
import { SessionsSection } from "./sessions-section";

/** What belongs to the person and to no organization. */
export function AccountPage() {
  const { data: session } = useSuspenseQuery(sessionQuery);
  return (
    <main className="mx-auto max-w-2xl space-y-8 px-4 py-8">
      <div>
        <Link
          to={paths.home}
          className="mb-3 inline-flex items-center gap-1.5 text-sm text-muted hover:text-ink"
        >
          <ArrowLeft className="size-4" aria-hidden /> {messages.back}
        </Link>
        <PageHeader title={messages.title} />
      </div>
      <ProfileSection session={session} />
      <EmailSection session={session} />
      <PasswordSection email={session.user.email} />
      <SecondFactorSection />
      <SessionsSection />
    </main>
  );
}
