// What OpenClaw's own code reads in a transcript: its session manager, in a process of its own, on a copy.
import { execFile } from "node:child_process";
import { copyFile, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";

import { installed } from "./openclaw.ts";

/** Of the session manager of 2026.5.12, which the runtime opens every transcript with. */
const MANAGER = "node_modules/@earendil-works/pi-coding-agent/dist/core/session-manager.js";

const SCRIPT = `
const { SessionManager } = await import(process.argv[1]);
const manager = SessionManager.open(process.argv[2]);
const messages = manager.getBranch().filter(({ type }) => type === "message");
const context = manager.buildSessionContext().messages;
const text = ({ content }) => typeof content === "string" ? content : content.map((part) => part.text ?? part.type).join("");
process.stdout.write(JSON.stringify({
  id: manager.getSessionId(),
  messages: messages.map(({ message }) => message.role),
  context: context.map(({ role }) => role),
  texts: messages.map(({ message }) => text(message)),
}));
`;

export interface ReadByOpenClaw {
  readonly id: string;
  /** Roles of the messages on the way from the leaf to the root, the oldest first. */
  readonly messages: readonly string[];
  /** Roles of what a model would be shown. */
  readonly context: readonly string[];
  readonly texts: readonly string[];
}

/** A file that it takes for broken it begins anew: hence the copy. */
export async function readByOpenClaw(file: string): Promise<ReadByOpenClaw> {
  const folder = await mkdtemp(path.join(tmpdir(), "read-by-openclaw-"));
  try {
    const copy = path.join(folder, path.basename(file));
    await copyFile(file, copy);
    const args = ["--input-type=module", "-e", SCRIPT, path.join(installed(), MANAGER), copy];
    const { stdout } = await promisify(execFile)(process.execPath, args, { env: { ...process.env, HOME: folder } });
    return JSON.parse(stdout) as ReadByOpenClaw;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
