import type { Role } from "../src/api/types";
import type { Admin } from "./admin";

/** The password of everybody whom tests invite. */
export const PASSWORD = "correct horse battery";

/** Makes an account in an organization by an invitation, and gives back its address. */
export async function newPerson(admin: Admin, org: string, name: string, role: Role = "editor") {
  const email = `${name}-${process.pid}@example.com`;
  const { data: sent } = await admin.api.POST("/api/v1/organizations/{org}/invitations", {
    params: { path: { org } },
    body: { email, role, delivery: "link" },
  });
  const secret = sent?.link?.split("#")[1] ?? "";
  await admin.api.POST("/api/v1/invitations/accept", {
    // The admin's own session must not be the one that accepts.
    headers: { cookie: "" },
    body: { secret, account: { name, password: PASSWORD } },
  });
  return email;
}
