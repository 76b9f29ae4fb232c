/**
 * Differences between the shares we think we hold and those the broker says, one sentence each, by symbol.
 * @param ours shares by symbol; a symbol left out is held at zero
 * @param theirs shares by symbol, as the broker answers
 */
export function comparePositions(
  ours: Readonly<Record<string, number>>,
  theirs: Readonly<Record<string, number>>,
): readonly string[] {
  const symbols = [...new Set([...Object.keys(ours), ...Object.keys(theirs)])].sort();
  return symbols.flatMap((symbol) => {
    const [here, there] = [ours[symbol] ?? 0, theirs[symbol] ?? 0];
    return here === there ? [] : [`${symbol}: ${here} shares here, ${there} at the broker`];
  });
}
