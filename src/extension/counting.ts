/** Numbers with their nouns. */

/** "1 lock", "2 locks", "10,000 sessions". */
export function counted(count: number, noun: string, plural = `${noun}s`): string {
  return `${count.toLocaleString("en")} ${count === 1 ? noun : plural}`;
}
