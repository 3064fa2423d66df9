import type { SdkKey } from "@/api/types";

/** Whether a key will never work again. */
export function isDead({ status }: Pick<SdkKey, "status">): boolean {
  return status === "revoked" || status === "expired";
}
