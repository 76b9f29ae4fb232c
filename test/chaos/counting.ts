/** How often each name occurs. */
export function countBy(names: readonly string[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  return counts;
}

/** One sentence for each name that occurs more than once: `2 WHAT NAME`. */
export function doubled(what: string, names: readonly string[]): readonly string[] {
  return [...countBy(names)].filter(([, count]) => count > 1).map(([name, count]) => `${count} ${what} ${name}`);
}
