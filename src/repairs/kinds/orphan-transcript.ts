/** Gives a transcript that no row names a row, so that OpenClaw shows and continues it. */
import { agentId, fragmentAt, newRowNotes, rowWithKey, sessionFileOf, storeConflict, storeGuards } from "../facts.ts";
import { recoveredKey, recoveredRow, rowId } from "../new-row.ts";
import { NOTHING, refused } from "../outline.ts";
import type { Repair } from "../repair.ts";

export const orphanTranscript: Repair = {
  id: "adopt-transcript",
  title: "Give the transcript a row in the store",
  does:
    "Adds a row for the transcript: under its own session key where evidence names one and no row has it, else under " +
    "`agent:<agent>:recovered:<session id>`. OpenClaw lists it from then on, and a turn sent to it continues it.",
  never: "It changes no other row and not the transcript, and takes no key away from another session.",
  // Transcripts of heartbeats, jobs and subagents come by the hundred, and would push people's sessions out of the store.
  codes: ["store/orphan-transcript"],
  appliesTo: ({ severity }) => severity !== "info",
  outline: async (input) => {
    const { target, home, now } = input;
    const found = fragmentAt(home, target.path);
    if (found === undefined || found.fragment.kind !== "live")
      return refused(target.path, "There is no transcript here any more.");
    const { agent, fragment, session } = found;
    const conflict = storeConflict(agent);
    if (conflict !== null) return { ...NOTHING, conflicts: [conflict] };
    const { sessionId } = fragment;
    if (sessionId === null || fragment.header.state !== "ok") {
      return refused(target.path, "Its header can't be read: OpenClaw would write a new one over the whole file.");
    }
    if (agent.reading.store.rows.some((row) => row.transcriptPath === fragment.path)) {
      return refused(target.path, "A row names it already.");
    }
    const known = session?.key ?? null;
    const key =
      known !== null && rowWithKey(agent, known) === undefined ? known : recoveredKey(agentId(agent), sessionId);
    if (rowWithKey(agent, key) !== undefined) return refused(target.path, `A row ${key} exists already.`);
    const id = rowId(home.home.path, agent, fragment);
    const row = recoveredRow(id, sessionFileOf(home.home.path, fragment.path), now);
    const name = fragment.path.slice(fragment.path.lastIndexOf("/") + 1);
    const why = `OpenClaw lists ${name} as ${key}${key === known ? "" : ", for no key of its own is known that is free"}.`;
    return {
      ...NOTHING,
      changes: [{ change: "rows", store: agent.reading.store, rows: [{ edit: "add", key, row }], why }],
      ...storeGuards(agent, input),
      notes: newRowNotes(agent),
    };
  },
};
