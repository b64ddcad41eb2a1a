/** Commands that code lenses carry. A client that does not know them shows the lens all the same. */

export const LensCommand = {
  /** Opens a place: a URI, and a line in it from 1. */
  openPlace: "sessionForensics.openPlace",
  /** Shows the chain that the document with this URI belongs to. */
  openChain: "sessionForensics.showChain",
} as const;
