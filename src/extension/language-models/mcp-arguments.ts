/** What the MCP server is told of the homes that it shows: those that the settings name, and no other. */
import type { Settings } from "../../protocol/settings.ts";

/** Arguments of its command line; null where the settings leave nothing to show. */
export function mcpArguments({
  discoverUserHomes = true,
  homes = [],
}: Pick<Settings, "discoverUserHomes" | "homes">): readonly string[] | null {
  if (homes.length === 0) return discoverUserHomes ? ["mcp"] : null;
  return ["mcp", ...(discoverUserHomes ? ["--discover"] : []), "--", ...homes];
}
