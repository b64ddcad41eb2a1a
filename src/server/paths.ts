/** The one place where a URI becomes a path, and a path a URI. */
import { URI } from "vscode-uri";

import type { FileTarget } from "../protocol/items.ts";

export const uriOf = (path: string): string => URI.file(path).toString();

export const fileTarget = (path: string): FileTarget => ({ path, uri: uriOf(path) });

/** Absolute path of a `file:` URI; null for any other scheme and for what is no URI. */
export function pathOf(uri: string): string | null {
  try {
    const parsed = URI.parse(uri, true);
    return parsed.scheme === "file" ? parsed.fsPath : null;
  } catch {
    // vscode-uri throws for a text without a scheme; nothing else can fail here.
    return null;
  }
}
