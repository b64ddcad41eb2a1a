/** docs/findings.md as text: the table of findings, written out. */
import { FINDING_KINDS, findingAnchor, type FindingKind } from "./codes.ts";

const INTRODUCTION = `# Findings

<!-- Generated from src/checks/codes.ts by \`npm run docs\`: change it there. -->

What Session Forensics may say of a home, what it means, how it comes about and what to do. A finding never changes anything:
looking, checking and explaining only read. Where something can be done about it here, its repairs are named;
[repairs.md](repairs.md) says what each does and never does, and how it is undone.

- **error**: sessions are lost to OpenClaw, or will be at the next turn.
- **warning**: something is wrong or at risk, or wants a look.
- **note** (\`info\`): worth knowing, nothing to do at once.

Some things look like trouble and are none, so nothing is said about them: rows that share a transcript because a cron job and
its run have one each; a session that was reset and has had no turn since, whose transcript does not exist yet; archives with
nothing but a header; keys that were deleted on purpose; checkpoints, trajectories and repair backups; an unfinished last line
while a turn is being written; a lock that is held.

Which folder counts as a home, and why, is told in [where-state-lives.md](where-state-lives.md).
`;

const SEVERITY_NAMES = { error: "error", warning: "warning", info: "note" } as const;

/** A repair as the page names it; the id is its anchor in docs/repairs.md. */
interface NamedRepair {
  readonly id: string;
  readonly title: string;
}

/** The whole page, ending in a newline. `repairsFor` gives what may be offered for findings of a code. */
export function findingsPage(repairsFor: (code: string) => readonly NamedRepair[]): string {
  const kinds: readonly (readonly [string, FindingKind])[] = Object.entries(FINDING_KINDS);
  const rows = kinds.map(
    ([code, { severity, title }]) =>
      `| [\`${code}\`](#${findingAnchor(code)}) | ${SEVERITY_NAMES[severity]} | ${title} |`,
  );
  const overview = ["| Code | Severity | |", "|---|---|---|", ...rows].join("\n");
  return [INTRODUCTION, `${overview}\n`, ...kinds.map(([code, kind]) => section(code, kind, repairsFor(code)))].join(
    "\n",
  );
}

function section(
  code: string,
  { severity, title, means, why, advice, threads }: FindingKind,
  repairs: readonly NamedRepair[],
): string {
  const met = threads.length === 0 ? [] : [`**Where others met it.** ${threads.map(threadLink).join(", ")}.`, ""];
  return [
    `<a id="${findingAnchor(code)}"></a>`,
    "",
    `## ${code}`,
    "",
    `${title} (${SEVERITY_NAMES[severity]}).`,
    "",
    `**What it means.** ${means}`,
    "",
    `**How it comes about.** ${why}`,
    "",
    `**What to do.** ${advice}`,
    "",
    ...repairLines(repairs),
    ...met,
  ].join("\n");
}

function repairLines(repairs: readonly NamedRepair[]): string[] {
  if (repairs.length === 0) return [];
  const links = repairs.map(({ id, title }) => `${title} ([${id}](repairs.md#${id}))`);
  return [`**Repairs.** ${links.join("; ")}.`, ""];
}

/** Pull requests and issues share their numbers, and either address leads to the right one. */
function threadLink(thread: string): string {
  const [repository, number] = thread.split("#");
  return `[${thread}](https://github.com/${repository}/issues/${number})`;
}
