/** The context that OpenClaw puts into a person's prompt, between marks of its own (internal-runtime-context, 2026.4). */

export const CONTEXT_BEGIN = "<<<BEGIN_OPENCLAW_INTERNAL_CONTEXT>>>";
const CONTEXT_END = "<<<END_OPENCLAW_INTERNAL_CONTEXT>>>";
const MARKS = new RegExp(`${CONTEXT_BEGIN}|${CONTEXT_END}`, "g");

/**
 * The text without that context, which may hold such stretches itself; from a mark on that nothing ends nothing is left. As OpenClaw's
 * own doctor takes it out (`doctor-session-transcripts`, 2026.5.12).
 */
export function withoutInternalContext(text: string): string {
  const kept: string[] = [];
  const open: number[] = [];
  let from = 0;
  for (const { 0: mark, index } of text.matchAll(MARKS)) {
    if (mark === CONTEXT_BEGIN) {
      open.push(index);
      continue;
    }
    const begin = open.pop();
    if (begin === undefined) break;
    if (open.length > 0) continue;
    kept.push(text.slice(from, begin));
    from = index + CONTEXT_END.length;
  }
  const unended = open[0] ?? text.indexOf(CONTEXT_BEGIN, from);
  kept.push(text.slice(from, unended === -1 ? text.length : unended));
  return kept
    .map((part) => part.trim())
    .filter((part) => part !== "")
    .join("\n\n");
}
