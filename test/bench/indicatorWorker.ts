import { computeIndicator } from '#pipelines/indicators/computeIndicator.ts';
import { indicators } from '#pipelines/indicators/registry.ts';
import { barsOfSymbols, readBars } from './indicatorBars.ts';

// A process of `npm run bench -- indicators FILE FIRST STEP`: a pass over every STEP-th symbol from FIRST for each message,
// answered with the columns computed and the processor time it took. It says `ready` once its bars are in memory.
const [, , file = '', first = '0', step = '1'] = process.argv;
const bars = barsOfSymbols(readBars(file));

process.on('message', (symbols: number) => {
  const used = process.cpuUsage();
  let columns = 0;
  for (let symbol = Number(first); symbol < symbols; symbol += Number(step)) {
    for (const indicator of indicators) columns += computeIndicator(indicator, bars.inputsOf(indicator, symbol)).length;
  }
  const { user, system } = process.cpuUsage(used);
  process.send?.({ columns, processorSeconds: (user + system) / 1e6 });
});
process.on('disconnect', () => process.exit());
process.send?.('ready');
