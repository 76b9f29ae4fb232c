import { writeFile } from 'node:fs/promises';
import { sessionsBetween } from '#domain/calendar.ts';
import { dailyFileFormat } from '#infra/fileDrop/fileFormats.ts';
import { readDailyFiles } from '#infra/fileDrop/readDailyFiles.ts';
import { parquetTables } from '#infra/parquet/parquetTables.ts';
import { adjustedPrices } from '#pipelines/adjustment.ts';
import { checkContract } from '#pipelines/contract/checkContract.ts';
import { unionOfSessions } from '#pipelines/sessionSpan.ts';
import { barsToTable } from '#pipelines/tables.ts';
import type { DataPass } from './pandasPeer.ts';

/** Reads a folder of daily bars, checks it against the contract, adjusts it and writes it as one Parquet file. */
export async function passOverDailyBars(folder: string, output: string): Promise<DataPass> {
  const [beganMs, used] = [performance.now(), process.cpuUsage()];
  const { bars } = await readDailyFiles([folder], dailyFileFormat('pooksoft'));
  const sessions = unionOfSessions(bars);
  const report = checkContract(bars, { expectedSessions: sessionsBetween(sessions[0]!, sessions.at(-1)!) });
  const adjusted = report.bars.map((one) => ({ ...one, ...adjustedPrices(one) }));
  await writeFile(output, await parquetTables.encode(barsToTable(adjusted)));
  const seconds = (performance.now() - beganMs) / 1_000;
  const processor = process.cpuUsage(used);
  const found: Record<string, number> = {};
  for (const { rule, figures } of report.findings) {
    // A run of missing sessions is one finding of ours; the peer counts sessions.
    const count = rule === 'missingSession' ? Number(figures.sessions) : 1;
    found[rule] = (found[rule] ?? 0) + count;
  }
  const rows = bars.reduce((sum, one) => sum + one.sessions.length, 0);
  return { seconds, processorSeconds: (processor.user + processor.system) / 1e6, rows, found };
}
