import type { FailureEntry } from './entry.ts';

/** Failures of the area: model. */
export const modelFailures = {
  TRAINING_DIVERGED: {
    summary: 'A loss became infinite or undefined.',
    action: 'Lower the learning rate or the gradient bound in the specification, then train again.',
    retry: 'never',
  },
  TRAINING_DATA_EMPTY: {
    summary: 'There are no samples to train or to validate on.',
    action: 'Widen the range of sessions or shorten the window.',
    retry: 'never',
  },
  SEARCH_FRUITLESS: {
    summary: 'Every trial of a search diverged.',
    action: 'Narrow the space to lower learning rates, then search again.',
    retry: 'never',
  },
  FORECAST_NOT_FINITE: {
    summary: 'A forecast is infinite or undefined, so nothing may be traded on it.',
    action: 'Check the features of the sessions it was made from: one is missing or out of all proportion.',
    retry: 'never',
  },
  MODEL_SHAPE_MISMATCH: {
    summary: 'Sizes do not fit each other: of a network, its samples, or a checkpoint.',
    action: 'Compare window, features and layers of the specification with the samples the message names.',
    retry: 'never',
  },
  ONNX_PARITY_BROKEN: {
    summary: 'The network as it would be served answers otherwise than as it was trained.',
    action: 'Nothing was stored. Report it with the specification: a layer is not the same in both forms.',
    retry: 'never',
  },
  ONNX_PROVIDER_MISSING: {
    summary: 'The ONNX Runtime installed here cannot compute where it is told to.',
    action: 'Set model.inferenceProvider to cpu, or install the ONNX Runtime build and the drivers of that provider.',
    retry: 'never',
  },
  MODEL_KIND_UNSUPPORTED: {
    summary:
      'A model is of a kind that cannot do what is asked: an agent does not forecast, a forecaster does not act.',
    action: 'Name a version of the kind the message asks for.',
    retry: 'never',
  },
  AGENT_MARKET_DIFFERS: {
    summary:
      'The data do not hold what an agent was trained to trade: other symbols, or a session that lacks a bar or a feature.',
    action:
      'Ingest the dataset it was trained on up to the session the message names, or train an agent on these symbols.',
    retry: 'never',
  },
  AGENT_ORIGIN_UNPROVEN: {
    summary:
      'An agent sees forecasts, or began with another agent: what those had learnt from cannot be judged with it.',
    action:
      'Train an agent without `forecaster` and `beginWith`: only such a one is validated, promoted and traded on.',
    retry: 'never',
  },
  FORECASTER_UNFIT: {
    summary: 'A forecaster may not inform an agent: it learnt on other data, or on sessions that score the agent.',
    action: 'Train the forecaster on the same snapshot, holding back as many sessions, and name that version.',
    retry: 'never',
  },
  ARTIFACT_UNREADABLE: {
    summary: 'A file of an artifact or checkpoint is damaged.',
    action: 'Restore the object store, or train again: the same specification gives the same bytes.',
    retry: 'never',
  },
  ARTIFACT_DIGEST_MISMATCH: {
    summary: 'Stored bytes are not those that were reviewed.',
    action: 'Stop trading on the model; find who altered the object store; promote a version whose bytes verify.',
    retry: 'never',
  },
  MODEL_UNKNOWN: {
    summary: 'No model, version or alias of this name is registered.',
    action: 'See what is registered with `plimsoll models list`; a model has a champion once a candidate is promoted.',
    retry: 'never',
  },
  MODEL_FORM_MISSING: {
    summary: 'The model does not exist in the form that was asked for.',
    action: 'Ask for one of the forms that the message names; an artifact folder is always in float32.',
    retry: 'never',
  },
  MODEL_EXPORT_DIFFERS: {
    summary: 'The code writes the model otherwise than when its accuracy losses were measured.',
    action: 'Export with the code version that the manifest names, or train again: losses are stated of exact bytes.',
    retry: 'never',
  },
  FEATURE_COLUMNS_WRONG: {
    summary: "A table's columns are not the model's features in the model's order.",
    action: 'Compute the table from the feature set in the artifact (`features.json`), then predict again.',
    retry: 'never',
  },
  CHECKPOINT_FOREIGN: {
    summary: 'A checkpoint belongs to another training.',
    action: 'Delete the checkpoint the message names, then train again: a training starts anew without one.',
    retry: 'never',
  },
  MODEL_PROCESS_DIED: {
    summary: 'The process that trains and predicts ended unexpectedly.',
    action:
      'It is started again and resumes from its checkpoint; if it keeps dying, check memory with `plimsoll doctor`.',
    retry: 'backoff',
  },
} as const satisfies Readonly<Record<string, FailureEntry>>;
