/** Long lists are given out in pages. */

/** The most items of one answer. */
export const MOST_AT_ONCE = 500;
