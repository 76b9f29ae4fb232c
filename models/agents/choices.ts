/** Index of the largest of each row; the first where several are. */
export function largest(scores: Float32Array, choices: number): Float32Array {
  return Float32Array.from({ length: scores.length / choices }, (_, row) => {
    const first = row * choices;
    let best = first;
    for (let at = first + 1; at < first + choices; at += 1) if (scores[at]! > scores[best]!) best = at;
    return best - first;
  });
}

/** Rows of zeros with a one at the index. */
export function oneHot(indices: Float32Array, choices: number): Float32Array {
  const rows = new Float32Array(indices.length * choices);
  for (const [row, index] of indices.entries()) rows[row * choices + index] = 1;
  return rows;
}
