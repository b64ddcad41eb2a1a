/** docs/repairs.md as text: the table of repairs, written out. */
import { REPAIRS } from "./kinds.ts";
import type { Repair } from "./repair.ts";

const INTRODUCTION = `# Repairs

<!-- Generated from src/repairs/kinds/ by \`npm run docs\`: change it there. -->

What Session Forensics can do about what it found. A repair is a plan: it is shown before it runs, with the exact path of everything
that it writes; it is refused when anything is not as the plan expects; and nothing is deleted. What it displaces is kept in the home's
own folder \`.session-forensics\`, in the receipt of the run.

**To undo a repair**, undo its receipt: everything is put back as it was, to the byte, the name, the permissions and the time. Undo
refuses, and says why, where something has changed since.

A store or a transcript is only written while no gateway runs, nobody holds its lock, and it has been quiet for a while. Sessions in
a database are only read: for these the agent's own program has to be used.

A row that a repair adds is dated now, because OpenClaw drops rows that were not used for 30 days, and begins sessions anew that
are older than its daily reset. The true times stay in the transcript.
`;

/** The whole page, ending in a newline. */
export function repairsPage(): string {
  return [INTRODUCTION, ...REPAIRS.map(section)].join("\n");
}

function section({ id, title, does, never }: Repair): string {
  return [
    `<a id="${id}"></a>`,
    "",
    `## ${id}`,
    "",
    `${title}.`,
    "",
    `**What it does.** ${does}`,
    "",
    `**What it never does.** ${never}`,
    "",
  ].join("\n");
}
