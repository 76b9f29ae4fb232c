// The workflows a worker serves: the bundle's entry point.
export { escalateBreaker } from './escalateBreaker.ts';
export { executeOrder } from './executeOrder.ts';
export { guardAccount } from './guardAccount.ts';
export { ingestMarketData } from './ingestMarketData.ts';
export { launchIngest, launchLifecycle, launchSession, launchWatch } from './launchers.ts';
export { modelLifecycle } from './modelLifecycle.ts';
export { playEnsemble } from './playEnsemble.ts';
export { promoteModel } from './promoteModel.ts';
export { searchHyperparameters } from './searchHyperparameters.ts';
export { tradingSession } from './tradingSession.ts';
export { trainAgent } from './trainAgent.ts';
export { trainModel } from './trainModel.ts';
export { validateModel } from './validateModel.ts';
export { watchModel } from './watchModel.ts';
