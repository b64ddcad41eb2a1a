/** Where one fragment ends and the next begins: how, when, and what the link between the two rests on. */
import { size } from "../../../model/amounts.ts";
import { type Fragment, type FragmentStart, placeId, type TurnState } from "../../../model/fragment.ts";
import type { LinkedFragment, Session } from "../../../model/session.ts";
import { type ChainSubject, damageLines, linkLines } from "../chain-text.ts";
import { indented, type Line, span } from "../lines.ts";
import { shortId } from "../names.ts";
import { placeSpan } from "../places.ts";
import { fragmentLabel, isNow, linkStanding } from "../sessions.ts";
import { moment, momentRange } from "../times.ts";
import { dim } from "./parts.ts";

const RULE = "━━━";

/** What the first entries of a fragment say of how the one before it was left. */
const STARTS: Readonly<Partial<Record<FragmentStart, string>>> = {
  "reset-prompt": " by /new or /reset",
  "new-notice": " by /new",
  "reset-notice": " by /reset",
};

/** "Reset by /new at 2026-11-21 00:16:38 UTC": how the fragment ended; null while it goes on. */
function endingOf(session: Session, fragment: Fragment, next: Fragment | undefined): string | null {
  if (isNow(session, fragment)) return null;
  const at = fragment.archivedAt ?? fragment.endedAt;
  const when = at === null ? "" : ` at ${moment(at)}`;
  const wasReset = fragment.kind === "reset" || (fragment.kind === "window" && fragment.archivedAt !== null);
  if (wasReset) return `Reset${STARTS[next?.start ?? "unknown"] ?? ""}${when}`;
  return fragment.kind === "deleted" ? `Deleted${when}` : `Ended${when}`;
}

function linkWords(linked: LinkedFragment): string {
  const standing = linkStanding(linked);
  if (standing === "first") return "the first of its chain";
  return standing === "open" ? "link open" : `link ${standing}`;
}

/** The line that everyone sees. */
export function boundaryTitle({ session }: ChainSubject, index: number, isWhole: boolean): Line {
  const { fragments } = session;
  const linked = fragments[index]!;
  const before = fragments[index - 1]?.fragment;
  const ended = before === undefined ? null : endingOf(session, before, linked.fragment);
  const parts = [
    ...(ended === null ? [] : [span(ended, "strong")]),
    span(`Fragment ${index + 1} of ${fragments.length}`, "strong"),
    span(linked.fragment.sessionId === null ? "no readable header" : shortId(linked.fragment.sessionId)),
    span(linkWords(linked), linkStanding(linked) === "open" ? "warning" : "plain"),
    ...(isWhole ? [] : [span("its beginning is not loaded", "dim")]),
  ];
  return [dim(`${RULE} `), ...parts.flatMap((one, at) => (at === 0 ? [one] : [dim(" · "), one])), dim(` ${RULE}`)];
}

/** The short name of a fragment: for the outline. */
export const fragmentName = ({ session }: ChainSubject, index: number): string =>
  `Fragment ${index + 1}: ${fragmentLabel(session, session.fragments[index]!.fragment)}`;

/** Where it lies, when, and the evidence of its link. */
export function boundaryLines(subject: ChainSubject, index: number): Line[] {
  const { home, session } = subject;
  const linked = session.fragments[index]!;
  const { fragment } = linked;
  const names = new Map(session.fragments.map((one, at) => [placeId(one.fragment), `fragment ${at + 1}`]));
  const times = momentRange(fragment.startedAt, fragment.endedAt);
  return [
    [placeSpan(home.home.path, fragment), dim(` · ${times} · ${size(fragment.bytes)}`)],
    ...(linkStanding(linked) === "first" ? [] : linkLines(subject, linked, names)),
    ...damageLines(fragment),
  ].map((one) => indented(one));
}

const TURNS: Readonly<Record<TurnState, string | null>> = {
  done: null,
  "waits-for-model": "The model has not answered any more",
  "waits-for-tool": "The turn was not finished: a tool was called and has not answered",
  failed: "The last turn failed",
  aborted: "The last turn was stopped before its end",
};

/** How the last turn of a fragment that is over stands, where it did not come to its end. */
export function unfinishedTurn(session: Session, fragment: Fragment): string | null {
  return isNow(session, fragment) ? null : TURNS[fragment.turn ?? "done"];
}

/** The line below the last entry, where the chain does not go on in the document. */
export function closingTitle({ session }: ChainSubject, index: number): Line | null {
  const { fragments } = session;
  const { fragment } = fragments[index]!;
  const ended = endingOf(session, fragment, fragments[index + 1]?.fragment);
  if (ended === null) return null;
  const rest = fragments.length - index - 1;
  const on =
    rest === 0 ? "nothing comes after it" : `the chain goes on in fragment ${index + 2} of ${fragments.length}`;
  return [dim(`${RULE} `), span(ended, "strong"), dim(" · "), span(on), dim(` ${RULE}`)];
}
