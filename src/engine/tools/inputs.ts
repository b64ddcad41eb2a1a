/** Inputs that several tools take, described for the model. */
import * as v from "valibot";

export const sessionInput = v.pipe(
  v.string(),
  v.trim(),
  v.minLength(1),
  v.maxLength(4096),
  v.description(
    "Which session: the `session` that list_sessions gave, a session key (agent:main:main), a session id (six characters of its beginning are enough) or the absolute path of a transcript.",
  ),
);

export const homeInput = v.optional(
  v.pipe(
    v.string(),
    v.maxLength(4096),
    v.description(
      "Absolute path of the home to look in, where a name occurs in several (the `home` of list_sessions).",
    ),
  ),
);

/** How many of something; a number outside of the bounds is refused, with the bounds. */
export function limitInput(usual: number, highest: number, what: string) {
  return v.optional(
    v.pipe(
      v.number(),
      v.integer(),
      v.minValue(1),
      v.maxValue(highest),
      v.description(`${what}, ${highest} at most; ${usual} without it.`),
    ),
    usual,
  );
}
