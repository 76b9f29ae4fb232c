import type { CommandRegistration } from '../context.ts';
import { registerDataAdjust } from './data/adjust.ts';
import { registerDataBook } from './data/book.ts';
import { registerDataCapture } from './data/capture.ts';
import { registerDataCheck } from './data/check.ts';
import { registerDataConvert } from './data/convert.ts';
import { registerDataDownload } from './data/download.ts';
import { registerDataFormats } from './data/formats.ts';
import { registerDataHalts } from './data/halts.ts';
import { registerDataIngest } from './data/ingest.ts';
import { registerDataRegime } from './data/regime.ts';
import { registerDataReplay } from './data/replay.ts';
import { registerDataProviders } from './data/providers.ts';
import { registerDataResample } from './data/resample.ts';
import { registerDataShow } from './data/show.ts';
import { registerDataSnapshots } from './data/snapshots.ts';
import { registerDataUniverse } from './data/universe.ts';

/** `data ...`: market data on plain files, without any server, and the snapshots of the servers that run. */
export const registerData: CommandRegistration = (program, context) => {
  const data = program.command('data').description('market data');
  registerDataCheck(data, context);
  registerDataBook(data, context);
  registerDataFormats(data, context);
  registerDataAdjust(data, context);
  registerDataConvert(data, context);
  registerDataResample(data, context);
  registerDataReplay(data, context);
  registerDataCapture(data, context);
  registerDataRegime(data, context);
  registerDataUniverse(data, context);
  registerDataProviders(data, context);
  registerDataDownload(data, context);
  registerDataIngest(data, context);
  registerDataHalts(data, context);
  registerDataSnapshots(data, context);
  registerDataShow(data, context);
};
