import { z } from 'zod';
import { gateSchema, honestGate } from './sections/gate.ts';
import { featuresSection, trainingSection, validationSection } from './sections/model.ts';
import { consoleSection, dataSection, stackSection, telemetrySection } from './sections/platform.ts';
import { tradingSection } from './sections/trading.ts';

const modelSection = z.strictObject({
  name: z.string().min(1).default('forecaster').describe('name of the model in the registry'),
  inferenceProvider: z
    .enum(['cpu', 'cuda', 'tensorrt'])
    .default('cpu')
    .describe('where forecasts are computed; all but cpu need a build of ONNX Runtime that has it'),
});

const promotionSection = z.strictObject({
  reviewersRequired: z.int().min(1).max(10).default(2).describe('people, not the author, who must approve'),
  reviewTimeoutHours: z.number().gt(0).default(72).describe('hours until an undecided review expires'),
  reminderIntervalHours: z.number().gt(0).default(24).describe('hours between reminders'),
  gate: gateSchema.default(honestGate).describe('criteria a candidate passes before people look at it'),
});

/** Every setting of Plimsoll, with its default, its bounds and what it means. An unknown key is refused. */
export const settingsSchema = z.strictObject({
  stack: stackSection.prefault({}),
  data: dataSection.prefault({}),
  model: modelSection.prefault({}),
  features: featuresSection.prefault({}),
  training: trainingSection.prefault({}),
  validation: validationSection.prefault({}),
  promotion: promotionSection.prefault({}),
  trading: tradingSection.prefault({}),
  telemetry: telemetrySection.prefault({}),
  console: consoleSection.prefault({}),
});

/** The resolved settings: complete, checked, read only. */
export type Settings = DeepReadonly<z.infer<typeof settingsSchema>>;

/** A value nobody may change, all the way down. */
export type DeepReadonly<T> = T extends (infer Item)[]
  ? readonly DeepReadonly<Item>[]
  : T extends object
    ? { readonly [Key in keyof T]: DeepReadonly<T[Key]> }
    : T;
