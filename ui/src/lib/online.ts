/** Whether the browser believes to have a connection. Where it cannot tell, it has. */
export function isOnline(): boolean {
  return globalThis.navigator?.onLine !== false;
}
