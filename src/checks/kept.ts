/** Values that are looked for after every change, and rest on parts of a home that mostly did not change. */

/** Computes a value again only when one of the objects that it is made of is another one than the last time. */
export function keptWhile<Parts extends readonly [object, ...object[]], Value>(
  compute: (...parts: Parts) => Value,
): (...parts: Parts) => Value {
  const last = new WeakMap<object, { readonly parts: Parts; readonly value: Value }>();
  return (...parts) => {
    const known = last.get(parts[0]);
    if (known?.parts.length === parts.length && known.parts.every((part, at) => part === parts[at])) return known.value;
    const value = compute(...parts);
    last.set(parts[0], { parts, value });
    return value;
  };
}
