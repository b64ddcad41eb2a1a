/** Points a row at the transcript of its session that stands in its own store. */
import { agentNamed, fragmentAt, sessionFileOf, storeConflict, storeGuards } from "../facts.ts";
import { continuedNow } from "../new-row.ts";
import { NOTHING, refused } from "../outline.ts";
import { type Choice, choiceReason, chosen, type Repair, type RepairInput } from "../repair.ts";

export const foreignSessionFile: Repair = {
  id: "point-here",
  title: "Point the row at the transcript in this store",
  does:
    "Rewrites `sessionFile` of the row so that it names the transcript of the same session that stands in this store, and " +
    "dates the row now, so that the next turn continues the session.",
  never: "It does nothing where no such transcript exists, and leaves the file that the row named before as it is.",
  codes: ["store/foreign-session-file"],
  appliesTo: ({ related }) => related.length > 0,
  choices: async (input) => choicesOf(input),
  outline: async (input) => {
    const { target, home, now } = input;
    const agent = agentNamed(home, target.finding?.agent);
    const row = agent?.reading.store.rows.find(({ key }) => key === target.finding?.sessionKey);
    if (agent === undefined || row?.transcriptBy !== "foreign")
      return refused(target.path, "The row names no other place any more.");
    const conflict = storeConflict(agent);
    if (conflict !== null) return { ...NOTHING, conflicts: [conflict] };
    const choices = choicesOf(input);
    const choice = chosen(choices, input.choice);
    if (choice === null) {
      return refused(
        target.path,
        choiceReason(choices, input.choice, "No transcript of this session stands in this store."),
      );
    }
    const set = { sessionFile: sessionFileOf(home.home.path, choice.id), ...continuedNow(now) };
    const why = `The row of ${row.key} named ${row.sessionFile ?? "nothing"}.`;
    return {
      ...NOTHING,
      changes: [{ change: "rows", store: agent.reading.store, rows: [{ edit: "set", key: row.key, set }], why }],
      ...storeGuards(agent, input),
    };
  },
};

/** Transcripts that the finding names. The one of the row's own session id is taken unless another one is chosen. */
function choicesOf({ target, home }: RepairInput): Choice[] {
  const agent = agentNamed(home, target.finding?.agent);
  const row = agent?.reading.store.rows.find(({ key }) => key === target.finding?.sessionKey);
  const own = (target.finding?.related ?? []).flatMap(({ path }) => fragmentAt(home, path) ?? []);
  const sure = own.filter(({ fragment }) => fragment.sessionId === row?.sessionId);
  return own.map(({ fragment }) => ({
    id: fragment.path,
    label: fragment.path,
    detail: `session ${fragment.sessionId ?? "without an id"}`,
    isDefault: own.length === 1 || (sure.length === 1 && sure[0]!.fragment === fragment),
  }));
}
