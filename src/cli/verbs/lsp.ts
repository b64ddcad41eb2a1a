/** `lsp`: the language server over stdin and stdout, for any editor. */
import type { Verb } from "../verb.ts";

export const lsp: Verb = {
  name: "lsp",
  usage: "[--stdio]",
  summary: "the language server over stdin and stdout, for any editor",
  help: `Speaks the Language Server Protocol: hovers on lock files, on entries of sessions.json and on the first line of
transcripts, and findings as diagnostics, also for files that are not open. Homes are those of the workspace folders and,
unless the setting sessionForensics.discoverUserHomes is false, of this user. Settings are asked for in the section
"sessionForensics" (homes, discoverUserHomes, locks.warnAfterSeconds, rescanSeconds, usePolling).

  --stdio          accepted, for editors that pass it
`,
  options: { stdio: { type: "boolean" }, clientProcessId: { type: "string" } },
  takes: [0, 0],
  run: async (world) => await world.serve(),
};
