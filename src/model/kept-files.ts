/** Home-relative places in our own folder of a home for what outlasts a repair: links that a person set, archives copied to safety. */
import { FORENSICS_FOLDER } from "./plan.ts";

/** One small file for each link. */
export const LINKS_FOLDER = `${FORENSICS_FOLDER}/links`;

/** A folder for each agent, with the archives under their own names. */
export const SAVED_FOLDER = `${FORENSICS_FOLDER}/saved`;

/** Where the archives of an agent are copied to, by the agent's name. */
export function savedFolder(agent: string): string {
  return `${SAVED_FOLDER}/${agent.replaceAll(/[^\w .()-]/g, "_").replace(/^\.+/, "_")}`;
}

/** An archive that was copied to safety. */
export interface SavedArchive {
  /** Name of the file, which is that of the archive. */
  readonly name: string;
  readonly bytes: number;
}
