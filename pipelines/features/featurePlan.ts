import { Failure } from '#domain/failure.ts';
import { isFeatureField, type FeatureField } from './barFields.ts';
import type { FeatureKind, FeatureParameterRule, FeatureParameters } from './featureKind.ts';
import type { FeatureDefinition, FeatureSpec } from './featureSpec.ts';
import { featureKinds } from './kinds/registry.ts';
import { timeframes, type Market, type Timeframe } from './timeframe.ts';

/** What a step reads: a figure of its bars, or an output of an earlier step. */
export type StepInput =
  | { readonly kind: 'field'; readonly field: FeatureField }
  | { readonly kind: 'step'; readonly step: number; readonly output: number };

/** One computation; features that ask for the same share it. */
export interface FeatureStep {
  readonly kind: FeatureKind;
  readonly parameters: FeatureParameters;
  readonly timeframe: Timeframe;
  readonly inputs: readonly StepInput[];
  /** The set of observations that it reads, for a kind that reads one. */
  readonly observations?: string;
}

/** A feature set compiled: steps in an order in which each reads earlier ones only. */
export interface FeaturePlan {
  readonly market: Market;
  /** Timeframe of the rows. */
  readonly timeframe: Timeframe;
  /** All timeframes, the rows' own first, then ascending. */
  readonly timeframes: readonly Timeframe[];
  /** Figures that any step reads. */
  readonly fields: readonly FeatureField[];
  /** Sets of observations that any step reads. */
  readonly observations: readonly string[];
  readonly steps: readonly FeatureStep[];
  /** Columns of tables, in order. */
  readonly columns: readonly { readonly name: string; readonly step: number; readonly output: number }[];
}

/** Where a feature's values come from. */
interface Place {
  readonly step: number;
  readonly output: number;
}

/**
 * Compiles a feature set.
 * @param kinds that it may name
 * @throws Failure FEATURE_SPEC_INVALID naming the feature and what it may say: for a set that is empty, a name twice, an
 *   unknown kind, parameter, input or output, a value out of range, or bars shorter than the rows'
 */
export function compileFeatures(spec: FeatureSpec, kinds: readonly FeatureKind[] = featureKinds): FeaturePlan {
  const compiler = new Compiler(spec, kinds);
  for (const definition of spec.features) compiler.add(definition);
  return compiler.plan();
}

class Compiler {
  private readonly spec: FeatureSpec;
  private readonly kinds: ReadonlyMap<string, FeatureKind>;
  private readonly timeframe: Timeframe;
  private readonly steps: FeatureStep[] = [];
  private readonly stepOf = new Map<string, number>();
  private readonly places = new Map<string, Place>();
  private readonly columns: { readonly name: string; readonly step: number; readonly output: number }[] = [];

  constructor(spec: FeatureSpec, kinds: readonly FeatureKind[]) {
    this.spec = spec;
    this.kinds = new Map(kinds.map((kind) => [kind.name, kind]));
    this.timeframe = spec.timeframe ?? '1d';
  }

  add(definition: FeatureDefinition): void {
    const { name } = definition;
    if (!/^[A-Za-z]\w*$/.test(name) || ['symbol', 'session', 'time'].includes(name) || isFeatureField(name)) {
      throw invalid(
        name,
        'a name is letters, digits and underscores, and neither symbol, session, time nor a figure of bars',
      );
    }
    if (this.places.has(name)) throw invalid(name, 'the name is taken by an earlier feature');
    const kind = this.kindOf(definition);
    const step = this.stepFor(definition, kind);
    const output = definition.output === undefined ? 0 : kind.outputs.indexOf(definition.output);
    if (output === -1) throw invalid(name, `${kind.name} gives ${kind.outputs.join(', ')}, not ${definition.output}`);
    this.places.set(name, { step, output });
    if (definition.for !== 'otherFeatures') this.columns.push({ name, step, output });
  }

  plan(): FeaturePlan {
    if (this.columns.length === 0) throw invalid('(none)', 'a feature set needs a feature');
    const used = new Set(this.steps.map(({ timeframe }) => timeframe));
    const fields = new Set(
      this.steps.flatMap(({ inputs }) => inputs.flatMap((input) => (input.kind === 'field' ? [input.field] : []))),
    );
    const observations = new Set(this.steps.flatMap((step) => step.observations ?? []));
    return {
      market: this.spec.market ?? 'XNYS',
      timeframe: this.timeframe,
      timeframes: [this.timeframe, ...timeframes.filter((one) => one !== this.timeframe && used.has(one))],
      fields: [...fields],
      observations: [...observations],
      steps: this.steps,
      columns: this.columns,
    };
  }

  private kindOf({ name, indicator }: FeatureDefinition): FeatureKind {
    const kind = this.kinds.get(indicator);
    if (!kind) throw invalid(name, `no indicator ${indicator}; there are ${[...this.kinds.keys()].join(', ')}`);
    return kind;
  }

  private stepFor(definition: FeatureDefinition, kind: FeatureKind): number {
    const timeframe = definition.timeframe ?? this.timeframe;
    if (timeframes.indexOf(timeframe) < timeframes.indexOf(this.timeframe)) {
      throw invalid(definition.name, `bars of ${timeframe} are shorter than the rows, which are of ${this.timeframe}`);
    }
    const parameters = parametersOf(definition, kind);
    const reads = kind.reads === 'columns' ? { inputs: this.inputsOf(definition) } : observationsOf(definition);
    const step: FeatureStep = { kind, parameters, timeframe, ...reads };
    const identity = JSON.stringify([kind.name, parameters, timeframe, reads]);
    const known = this.stepOf.get(identity);
    if (known !== undefined) return known;
    this.steps.push(step);
    this.stepOf.set(identity, this.steps.length - 1);
    return this.steps.length - 1;
  }

  private inputsOf(definition: FeatureDefinition): readonly StepInput[] {
    const kind = this.kindOf(definition);
    if (kind.reads !== 'columns') return [];
    const named = definition.inputs ?? kind.inputs;
    const least = kind.inputs.length > 0 ? kind.inputs.length : (kind.inputsMin ?? 1);
    if (named.length < least || (kind.inputs.length > 0 && named.length > least)) {
      throw invalid(definition.name, `${kind.name} takes ${least} inputs, not ${named.length}`);
    }
    return named.map((name): StepInput => {
      const place = this.places.get(name);
      if (place) return { kind: 'step', ...place };
      if (isFeatureField(name)) return { kind: 'field', field: name };
      throw invalid(definition.name, `${name} is no figure of bars and no feature declared before`);
    });
  }
}

function observationsOf({ name, inputs = [] }: FeatureDefinition): Pick<FeatureStep, 'inputs' | 'observations'> {
  const [observations, ...more] = inputs;
  if (observations === undefined || more.length > 0) throw invalid(name, 'its input is one set of observations');
  return { inputs: [], observations };
}

function parametersOf({ name, parameters: given }: FeatureDefinition, kind: FeatureKind): FeatureParameters {
  const { parameters: rules } = kind;
  for (const parameter of Object.keys(given)) {
    if (!Object.hasOwn(rules, parameter)) {
      const known = Object.keys(rules).join(', ') || 'no parameter';
      throw invalid(name, `${kind.name} takes ${known}, not ${parameter}`);
    }
  }
  const complete: Record<string, number> = {};
  for (const [parameter, rule] of Object.entries(rules)) {
    const value = given[parameter] ?? rule.default;
    if (value === undefined || !fits(value, rule)) {
      throw invalid(name, `${parameter} must be a ${rule.kind} number from ${rule.min} to ${rule.max}, not ${value}`);
    }
    complete[parameter] = value;
  }
  const refusal = kind.reads === 'columns' ? kind.refuse?.(complete) : undefined;
  if (refusal !== undefined) throw invalid(name, refusal);
  return complete;
}

function fits(value: number, { kind, min, max }: FeatureParameterRule): boolean {
  return value >= min && value <= max && (kind === 'real' || Number.isSafeInteger(value));
}

function invalid(feature: string, reason: string): Failure {
  return new Failure('FEATURE_SPEC_INVALID', `feature ${feature}: ${reason}`, { feature, reason });
}
