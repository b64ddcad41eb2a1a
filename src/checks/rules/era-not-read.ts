/** home/era-not-read: sessions in a database, which are recognised but not read. */
import { count } from "../../model/amounts.ts";
import type { Rule } from "../rule.ts";

export const eraNotRead: Rule = ({ home: { reading } }) => {
  const databases = reading.agents.flatMap((agent) => agent.databases);
  if (databases.length === 0 && reading.home.era !== "sqlite" && reading.home.era !== "mixed") return [];
  const release = reading.home.release === undefined ? "" : ` (${reading.home.release})`;
  const mixed = reading.home.era === "mixed" ? " Files of the older kind lie beside it." : "";
  return [
    {
      code: "home/era-not-read",
      path: ".",
      message:
        `This home${release} keeps its sessions in SQLite (${count(databases.length, "database")}). That is recognised, but not ` +
        `read yet: nothing is said about these sessions.${mixed}`,
      evidence: databases.map(({ path }) => ({ kind: "file", text: "a database of the SQLite era", path })),
    },
  ];
};
