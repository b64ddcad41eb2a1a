/** transcript/bad-header: line 1 does not say which session it is. */
import { type Fragment, type HeaderState, placeId } from "../../model/fragment.ts";
import type { AgentReading } from "../../model/reading.ts";
import type { StoreRow } from "../../model/store.ts";
import { damagedFragments, fileAgents, mainRow, rowsByTranscript } from "../facts.ts";
import type { Draft, Rule } from "../rule.ts";

type Bad = Extract<HeaderState, { state: "bad" }>;

export const badHeader: Rule = ({ home }) =>
  fileAgents(home).flatMap(({ reading }) => {
    const rows = rowsByTranscript(reading);
    return damagedFragments(reading).flatMap((fragment) => {
      const { header } = fragment;
      // A whole read tells it more exactly.
      if (header.state !== "bad" || home.damage?.has(placeId(fragment)) === true) return [];
      return [badHeaderDraft(reading, fragment, { ...header, bytes: 1 }, mainRow(rows.get(fragment.path) ?? []))];
    });
  });

/** `SessionManager.setSessionFile`, 2026.5.12; openclaw/openclaw#89037. */
const WIPES = "OpenClaw begins a file anew whose first entry is no header, and writes over all that it held";

/** What is said of a header that can't be read, however that was found. */
export function badHeaderDraft(
  agent: AgentReading,
  fragment: Fragment,
  header: Pick<Bad, "offset" | "reason"> & { readonly bytes: number },
  row: StoreRow | undefined,
): Draft {
  const whose = row === undefined ? "this transcript" : `the transcript of ${row.key}`;
  const live = fragment.kind === "live";
  const advice = live
    ? "Do not resume this session before it is repaired: the next turn would replace the whole file by one fresh header."
    : "The rest of it can be read.";
  return {
    code: "transcript/bad-header",
    ...(live ? {} : { severity: "warning" }),
    path: fragment.path,
    range: { line: 1, offset: header.offset, bytes: header.bytes },
    message: `The header of ${whose} can't be read: ${header.reason}. ${advice}`,
    evidence: [
      { kind: "file", text: `${header.reason}, at byte ${header.offset}`, path: fragment.path, line: 1 },
      ...(live ? [{ kind: "file", text: WIPES, path: fragment.path } as const] : []),
    ],
    agent: agent.name,
    ...(row === undefined ? {} : { sessionKey: row.key }),
  };
}
