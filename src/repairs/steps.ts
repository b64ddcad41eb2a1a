/** From changes to steps: what stands there now, and what the bytes will be. */
import { createHash } from "node:crypto";
import { join } from "node:path";

import { FORENSICS_FOLDER } from "../model/plan.ts";
import type { ByteEdit, FileState, PathState, Step, WriteFile } from "../model/plan.ts";
import type { Change, CopyFile, EditRows, LinkInstead, NeedFolder, ReplaceFile } from "./outline.ts";
import { NotReadable, type RepairPort } from "./port.ts";
import { newStoreText, rowEdits } from "./store-edits.ts";

const ABSENT = { is: "absent" } as const;
/** Permission bits of files and folders that are made anew: for the owner alone, as OpenClaw has it. */
const OWN_FILE = 0o600;
const OWN_FOLDER = 0o700;

/** Makes the steps of one plan. Every method rejects with NotReadable when something can't be looked at. */
export class StepMaker {
  private readonly home: string;
  private readonly port: RepairPort;
  private readonly folders = new Set<string>([FORENSICS_FOLDER]);

  constructor(home: string, port: RepairPort) {
    this.home = home;
    this.port = port;
  }

  async stepsOf(change: Change): Promise<Step[]> {
    switch (change.change) {
      case "copy":
        return [await this.copyStep(change)];
      case "write":
        return [await this.textStep(change.path, change.text, change.why)];
      case "replace":
        return [await this.replaceStep(change)];
      case "rows":
        return [await this.rowsStep(change)];
      case "set-aside": {
        const { path, why } = change;
        return [{ do: "move-aside", path, before: await this.stateOf(path), after: ABSENT, why }];
      }
      case "rename": {
        const { path, to, why } = change;
        return [{ do: "rename", path, before: await this.stateOf(path), after: ABSENT, to, toBefore: ABSENT, why }];
      }
      case "folder":
        return this.folderSteps(change);
      case "link":
        return this.linkSteps(change);
    }
  }

  /** A copy keeps the permission bits of its source. */
  private async copyStep({ from, path, edits, keepsTime, why }: CopyFile): Promise<WriteFile> {
    const source = await this.fileAt(from);
    const mode = source.mode ?? OWN_FILE;
    const mtimeMs = keepsTime ? (source.mtimeMs ?? null) : null;
    return { ...(await this.copied(from, source, edits)), path, before: await this.stateOf(path), mode, mtimeMs, why };
  }

  private async replaceStep({ from, path, edits, why }: ReplaceFile): Promise<WriteFile> {
    const before = await this.stateOf(path);
    const copied = await this.copied(from, await this.fileAt(from), edits);
    return { ...copied, path, before, mode: modeOf(before), mtimeMs: null, why };
  }

  private async rowsStep({ store, rows, why }: EditRows): Promise<WriteFile> {
    const { path } = store;
    const before = await this.stateOf(path);
    if (before.is === "absent") return this.textStep(path, newStoreText(rows), why);
    const source = await this.fileAt(path);
    if (source.bytes !== store.bytes) throw new NotReadable(path, "it was written since it was read; look again");
    const read = (offset: number, length: number): Promise<Buffer> =>
      this.port.read(absolute(this.home, path), offset, length);
    const copied = await this.copied(path, source, await rowEdits(store, rows, read));
    return { ...copied, path, before, mode: modeOf(before), mtimeMs: null, why };
  }

  private async textStep(path: string, text: string, why: string): Promise<WriteFile> {
    const before = await this.stateOf(path);
    const content = { as: "text", text } as const;
    return {
      do: "write-file",
      path,
      before,
      after: stateOfText(text),
      content,
      mode: modeOf(before),
      mtimeMs: null,
      why,
    };
  }

  /** What a file becomes that gets the bytes of another one (or of itself), edited. */
  private async copied(
    from: string,
    { bytes, sha256 }: FileState,
    edits: readonly ByteEdit[],
  ): Promise<Pick<WriteFile, "do" | "after" | "content">> {
    const expect: FileState = { is: "file", bytes, sha256 };
    const after: FileState =
      edits.length === 0 ? expect : { is: "file", ...(await this.port.hashOf(absolute(this.home, from), edits)) };
    return { do: "write-file", after, content: { as: "copy", of: from, expect, edits } };
  }

  /** The folder and those around it, as far as they are not there. Our own folder is there before any step runs. */
  private async folderSteps({ path, why }: NeedFolder): Promise<Step[]> {
    const missing: string[] = [];
    for (let at = path; at !== "" && !this.folders.has(at); at = at.slice(0, Math.max(0, at.lastIndexOf("/")))) {
      if ((await this.stateOf(at)).is !== "absent") break;
      missing.unshift(at);
    }
    for (const one of missing) this.folders.add(one);
    return missing.map((one) => ({
      do: "make-folder",
      path: one,
      before: ABSENT,
      after: { is: "folder" },
      mode: OWN_FOLDER,
      why,
    }));
  }

  private async linkSteps({ path, target, why }: LinkInstead): Promise<Step[]> {
    const before = await this.stateOf(path);
    const link: Step = { do: "make-symlink", path, before: ABSENT, after: { is: "symlink", target }, why };
    if (before.is === "absent") return [link];
    return [
      { do: "move-aside", path, before, after: ABSENT, why: "It is set aside as a whole, and kept in the receipt." },
      link,
    ];
  }

  private async fileAt(path: string): Promise<FileState> {
    const state = await this.stateOf(path);
    if (state.is === "file") return state;
    throw new NotReadable(absolute(this.home, path), "there is no file at this place any more");
  }

  private stateOf(path: string): Promise<PathState> {
    return this.port.stateOf(absolute(this.home, path));
  }
}

/** The absolute path that a home-relative one stands for; files of other homes are absolute already. */
export function absolute(home: string, path: string): string {
  return path.startsWith("/") || /^[A-Za-z]:/.test(path) ? path : join(home, path);
}

function stateOfText(text: string): FileState {
  const bytes = Buffer.from(text, "utf8");
  return { is: "file", bytes: bytes.length, sha256: createHash("sha256").update(bytes).digest("hex") };
}

function modeOf(before: PathState): number {
  return before.is === "file" ? (before.mode ?? OWN_FILE) : OWN_FILE;
}
