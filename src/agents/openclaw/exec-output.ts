/** What facts keep of texts: names whole or not at all, of commands and outputs no more than tells one from another. */

/** OpenClaw's own names and ids are shorter; what is longer is none. */
const MOST_NAME = 128;
const MOST_OUTPUT = 200;
const MOST_COMMAND = 300;
/** So much of a text is looked at for a line of the length that is kept. */
const LOOKED_AT = 4;

/** A name or an id; null for what can be none. */
export function boundedName(name: string | null): string | null {
  return name === null || name === "" || name.length > MOST_NAME ? null : name;
}

/** The beginning of an output on one line; null for blank ones. */
export function boundedOutput(text: string): string | null {
  const line = beginning(text, MOST_OUTPUT);
  return line === "" ? null : line;
}

/** The beginning of a command, with its line breaks. */
export function boundedCommand(text: string): string {
  return cut(text.slice(0, MOST_COMMAND * LOOKED_AT).trim(), MOST_COMMAND);
}

function beginning(text: string, most: number): string {
  return cut(
    text
      .slice(0, most * LOOKED_AT)
      .replaceAll(/\s+/g, " ")
      .trim(),
    most,
  );
}

/** Never half a surrogate pair. */
function cut(text: string, most: number): string {
  if (text.length <= most) return text;
  const kept = text.slice(0, most - 1);
  return `${kept.isWellFormed() ? kept : kept.slice(0, -1)}…`;
}
