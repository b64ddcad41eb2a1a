// The walks of all repairs, with a real process killed by SIGKILL before and after every single system call that changes something.
import { cutPoints } from "../support/repairs.ts";

cutPoints.choice = { kinds: ["killed"] };
await import("../unit/repairs/walks.test.ts");
await import("../unit/repairs/transcripts.test.ts");
