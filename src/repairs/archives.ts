/** Archives as repairs see them: which can be used again, and how OpenClaw names one. */
import type { Fragment } from "../model/fragment.ts";
import type { Conflict } from "../model/plan.ts";
import { isOutside } from "./facts.ts";

/** Why a transcript can't be made of this fragment, if so. */
export function archiveConflict({ path, kind, window, header }: Fragment): Conflict | null {
  const reason =
    window !== undefined || kind === "window" || kind === "cold"
      ? "It lies in a database or was put away by one, which only OpenClaw itself can restore."
      : path.endsWith(".zst")
        ? "It is a compressed archive of a session that was kept in a database, which only OpenClaw itself can restore."
        : kind === "live"
          ? "It is no archive but a transcript in use."
          : isOutside(path)
            ? "It lies outside the home."
            : header.state !== "ok"
              ? "Its header can't be read: OpenClaw would write a new one over the whole file."
              : null;
  return reason === null ? null : { path, reason };
}

/** The name under which OpenClaw puts a transcript away at a reset (`formatSessionArchiveTimestamp`, 2026.5.12). */
export function resetName(path: string, at: number): string {
  return `${path}.reset.${new Date(at).toISOString().replaceAll(":", "-")}`;
}
