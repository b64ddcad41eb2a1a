// `npm run typecheck`: the compiler over everything, nothing written.
import { typecheck } from "./stages/typecheck.ts";

process.exitCode = (await typecheck()) ? 0 : 1;
