/** Which start of the system this is. */
import { readFileSync } from "node:fs";

/** The kernel's random name of this boot; null where the system has no such thing. */
export function bootId(): string | null {
  try {
    return readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim();
  } catch {
    return null;
  }
}
