/** docs/findings.md as text: the table of findings, written out. */
import { FINDING_KINDS, findingAnchor, type FindingKind } from "./codes.ts";

const INTRODUCTION = `# Findings

<!-- Generated from src/checks/codes.ts by \`npm run docs\`: change it there. -->

What Session Forensics may say of a home, what it means, how it comes about and what to do. A finding never changes anything:
looking, checking and explaining only read.

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

/** The whole page, ending in a newline. */
export function findingsPage(): string {
  const kinds: readonly (readonly [string, FindingKind])[] = Object.entries(FINDING_KINDS);
  const rows = kinds.map(
    ([code, { severity, title }]) =>
      `| [\`${code}\`](#${findingAnchor(code)}) | ${SEVERITY_NAMES[severity]} | ${title} |`,
  );
  const overview = ["| Code | Severity | |", "|---|---|---|", ...rows].join("\n");
  return [INTRODUCTION, `${overview}\n`, ...kinds.map(([code, kind]) => section(code, kind))].join("\n");
}

function section(code: string, { severity, title, means, why, advice, threads }: FindingKind): string {
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
    ...met,
  ].join("\n");
}

/** Pull requests and issues share their numbers, and either address leads to the right one. */
function threadLink(thread: string): string {
  const [repository, number] = thread.split("#");
  return `[${thread}](https://github.com/${repository}/issues/${number})`;
}
