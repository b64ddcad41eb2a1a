/** The entry of the language server process. */
import { serveByArguments } from "./serve.ts";

serveByArguments();
