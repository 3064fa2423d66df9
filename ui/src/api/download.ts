import { signedOut } from "./http";
import { messages } from "./messages";
import { Problem } from "./problem";
import type { ProblemDocument } from "./types";

/** How long nothing may come before the connection counts as lost. */
const SILENT_S = 30;

export interface DownloadOptions {
  /** Called with how many bytes have come by now. */
  onProgress: (bytes: number) => void;
  /** Ends the download. */
  signal?: AbortSignal;
}

/** Reads a file that the hub writes as it goes, however long that takes. Throws a `Problem` unless all of it came. */
export async function download(url: string, { onProgress, signal }: DownloadOptions): Promise<Blob> {
  const silence = new AbortController();
  let timer: ReturnType<typeof setTimeout> | undefined;
  const wait = () => {
    clearTimeout(timer);
    timer = setTimeout(() => silence.abort(), SILENT_S * 1000);
  };
  const parts: Uint8Array<ArrayBuffer>[] = [];
  let type = "";
  let bytes = 0;
  try {
    wait();
    const response = await fetch(url, {
      signal: AbortSignal.any([silence.signal, ...(signal ? [signal] : [])]),
    });
    if (!response.ok || !response.body) throw await refusal(response);
    type = response.headers.get("Content-Type") ?? "";
    const reader = response.body.getReader();
    for (let next = await reader.read(); !next.done; next = await reader.read()) {
      wait();
      parts.push(next.value);
      bytes += next.value.byteLength;
      onProgress(bytes);
    }
  } catch (error) {
    if (signal?.aborted || error instanceof Problem) throw error;
    if (bytes > 0) throw brokeOff();
    throw silence.signal.aborted ? Problem.unanswered(SILENT_S) : Problem.unreachable();
  } finally {
    clearTimeout(timer);
  }
  return new Blob(parts, { type });
}

/** For a file that lacks its end. */
export function brokeOff(): Problem {
  return new Problem(0, { type: "urn:peekaboo:problem:broke_off", detail: messages.brokeOff });
}

async function refusal(response: Response): Promise<Problem> {
  if (response.status === 401) signedOut();
  const document = (await response.json().catch(() => ({}))) as Partial<ProblemDocument>;
  return new Problem(response.status, document);
}
