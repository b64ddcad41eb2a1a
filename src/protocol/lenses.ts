/** Commands that code lenses carry, each with a `DocumentPlace`. A client that does not know them shows the lens all the same. */

export const LensCommand = {
  /** Shows the links of the chain that the document belongs to, and what each rests on. */
  evidence: "sessionForensics.showChain",
  /** Opens the place. */
  openPlace: "sessionForensics.openPlace",
  /** Shows the chain that the document belongs to. */
  chain: "sessionForensics.openChain",
} as const;

export interface DocumentPlace {
  readonly uri: string;
  /** Counted from 1; null for its beginning. */
  readonly line: number | "end" | null;
}
