/** Keeps answers small: a model pays for every byte, and hosts cut what is too long without saying so. */

/** Bytes of an answer as JSON, about ten thousand tokens. */
export const MOST_BYTES = 40_000;

export const bytesOf = (value: unknown): number => Buffer.byteLength(JSON.stringify(value) ?? "", "utf8");

/** As many of the items as fit, from the first on; one always does. */
export function fitting<T>(items: readonly T[], mostBytes: number): T[] {
  let left = mostBytes;
  const end = items.findIndex((item, index) => {
    left -= bytesOf(item) + 1;
    return left < 0 && index > 0;
  });
  return end === -1 ? [...items] : items.slice(0, end);
}
