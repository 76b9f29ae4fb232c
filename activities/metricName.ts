/** Words as the part of a metric's name that they stand for: MLflow's names hold neither commas nor, here, spaces. */
export function metricName(words: string): string {
  return words.replace(/[, ]+([a-z])/g, (_, letter: string) => letter.toUpperCase());
}
