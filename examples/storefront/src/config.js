/**
 * Where the flags come from.
 * @typedef {{ key: string, url: string }} Config
 */

/**
 * The hub named by the address (`?key=pbc_…&url=ws://…`), else by the server that serves this page.
 *
 * @returns {Promise<Config | null>} null where no one names one
 */
export async function findConfig() {
  const query = new URLSearchParams(location.search);
  const key = query.get("key");
  const url = query.get("url");
  if (key && url) return { key, url };
  try {
    const response = await fetch("config.json", { headers: { accept: "application/json" } });
    if (!response.ok) return null;
    const config = await response.json();
    return { key: key ?? config.key, url: url ?? config.url };
  } catch {
    return null;
  }
}
