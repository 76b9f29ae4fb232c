import { parseArgs } from 'node:util';
import { endWithParent } from '#infra/stack/endWithParent.ts';
import { lineText, median, rounded } from './figures.ts';
import { foundEdge, noiseShow, playNoise } from './noiseTrials.ts';

// The best of 500 random strategies, weighed as `plimsoll overfit` weighs it, then with a true edge among them:
// `npm run bench -- noise [--seeds 100] [--json]`.
const { values } = parseArgs({
  options: {
    seeds: { type: 'string', default: '100' },
    json: { type: 'boolean', default: false },
  },
});

endWithParent();
const seeds = Number(values.seeds);
if (!Number.isSafeInteger(seeds) || seeds < 1) throw new RangeError(`not a whole number from 1: ${values.seeds}`);
const played = Array.from({ length: seeds }, (_, seed) => playNoise(seed));
const noise = played.map((seed) => seed.noise);
const planted = played.map((seed) => seed.planted);
const lines = [
  {
    name: 'noise/refused',
    ours: noise.filter(({ verdict }) => verdict === 'refused').length / seeds,
    unit: 'fraction',
    seeds,
    ...noiseShow,
    bestSharpe: rounded(median(noise.map(({ selected }) => selected.annualSharpe))),
    deflatedSharpe: rounded(median(noise.map(({ deflatedSharpe }) => deflatedSharpe))),
    overfittingProbability: rounded(median(noise.map(({ overfitting }) => overfitting.probability))),
  },
  {
    name: 'noise/edgeAccepted',
    ours: played.filter(foundEdge).length / seeds,
    unit: 'fraction',
    seeds,
    ...noiseShow,
    bestSharpe: rounded(median(planted.map(({ selected }) => selected.annualSharpe))),
    deflatedSharpe: rounded(median(planted.map(({ deflatedSharpe }) => deflatedSharpe))),
    overfittingProbability: rounded(median(planted.map(({ overfitting }) => overfitting.probability))),
  },
];
for (const line of lines) console.log(lineText(line, values.json ? 'json' : 'text'));
