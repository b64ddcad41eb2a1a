/** The file system that a folder lies on: whether other machines, or other containers, may write to it as well. */
import { statfsSync, statSync } from "node:fs";
import { parse } from "node:path";
import type { Volume } from "../model/machine.ts";

/** File systems whose files other machines can change; numbers of Linux, from statfs(2) and the kernel's magic.h. */
const SHARED_TYPES: ReadonlySet<number> = new Set([
  0x6969, // NFS
  0x517b, // SMB
  0xff534d42, // CIFS
  0xfe534d42, // SMB2
  0x65735546, // FUSE: sshfs, and virtiofs between a virtual machine and its host
  0x01021997, // 9p: the Windows drives of WSL, folders of virtual machines
  0x786f4256, // VirtualBox shared folders
  0xbacbacbc, // VMware shared folders
  0x00c36400, // Ceph
  0x0bd00bd0, // Lustre
  0x19830326, // BeeGFS
  0x5346414f, // AFS
  0x01161970, // GFS2
  0x7461636f, // OCFS2
]);

/** Null where the system does not tell, and for a path that can't be looked at. */
export function volumeOf(path: string, platform: NodeJS.Platform): Volume | null {
  // The type numbers of other systems mean other things.
  if (platform !== "linux") return null;
  try {
    const ofRoot = statSync(path).dev === statSync(parse(path).root).dev;
    return { network: !ofRoot && SHARED_TYPES.has(statfsSync(path).type >>> 0), ofRoot };
  } catch {
    return null;
  }
}
