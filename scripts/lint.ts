// `npm run lint`: rules and format of every file.
import { lint } from "./stages/lint.ts";

process.exitCode = (await lint()) ? 0 : 1;
