/** The server on this machine: for an editor that started this process, or for any editor over stdin and stdout. */
import { localDependencies } from "./compose.ts";
import { connectByArguments, connectByStdio } from "./connect.ts";
import { startServer } from "./server.ts";

/** Serves as the process's arguments say, until the client goes; then the process ends. */
export const serveByArguments = (): void => startServer(connectByArguments(process.argv.slice(2)), localDependencies());

/** Serves over stdin and stdout until the client goes; then the process ends. */
export const serveByStdio = (): void => startServer(connectByStdio(), localDependencies());
