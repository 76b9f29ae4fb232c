import { mkdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { Option, type Command } from 'commander';
import { exportOnnx, type ExportedOnnx } from '#activities/exportModel.ts';
import { Failure } from '#domain/failure.ts';
import { writeWholeFile } from '#infra/files/tableFile.ts';
import { atDesk, type CommandContext } from '../../context.ts';
import type { FetchedModel } from '../../desk/modelDesk.ts';
import { digitsText } from '../../figureText.ts';

const formats = ['onnx', 'savedmodel', 'manifest'] as const;
const precisions = ['float32', 'float16', 'int8'] as const;

interface ExportOptions {
  readonly format: (typeof formats)[number];
  readonly precision: (typeof precisions)[number];
  readonly output: string;
}

/** What was written, as programs are told. */
interface ExportReport {
  readonly model: string;
  readonly modelVersion: string;
  readonly artifactDigest: string;
  readonly output: string;
  readonly format: ExportOptions['format'];
  readonly precision: ExportOptions['precision'];
  readonly bytes: number;
  /** Of the file; of an artifact folder, that of its manifest, which names every file's. */
  readonly sha256: string;
  readonly parity?: ExportedOnnx['parity'];
  readonly loss?: ExportedOnnx['loss'];
}

/** `models export`: a version's bytes in a form that others read. */
export function registerModelsExport(models: Command, context: CommandContext): void {
  models
    .command('export')
    .description('write a model to files, proven to be the registered bytes, and say what its precision costs')
    .argument('<model>', 'name in the registry')
    .argument('[version]', 'number of a version, `champion` or `previous`', 'champion')
    .addOption(
      new Option('--format <format>', 'onnx: one file; savedmodel: the artifact folder; manifest: where it comes from')
        .choices(formats)
        .default('onnx'),
    )
    .addOption(new Option('--precision <precision>', 'of an ONNX file').choices(precisions).default('float32'))
    .requiredOption('--output <place>', 'file, or a folder that is there; of savedmodel the folder to make')
    .action((model: string, version: string, options: ExportOptions) =>
      atDesk(context, async (desk) => {
        if (options.format !== 'onnx' && options.precision !== 'float32') {
          const message = `${options.format} is the artifact as it is registered, in float32: only onnx has ${options.precision}`;
          throw new Failure('MODEL_FORM_MISSING', message, { format: options.format, precision: options.precision });
        }
        const fetched = await desk.models.fetch(model, version);
        const value = await write(fetched, options);
        context.answer({ value, text: reportText(value) });
      }),
    );
}

type Written = Pick<ExportReport, 'output' | 'bytes' | 'sha256' | 'parity' | 'loss'>;

async function write(fetched: FetchedModel, options: ExportOptions): Promise<ExportReport> {
  const { model, modelVersion, artifactDigest } = fetched;
  const { format, precision } = options;
  return { model, modelVersion, artifactDigest, format, precision, ...(await writers[format](fetched, options)) };
}

const writers: Readonly<
  Record<ExportOptions['format'], (fetched: FetchedModel, options: ExportOptions) => Promise<Written>>
> = {
  onnx: async ({ model, modelVersion, artifactDigest, files }, { precision, output: place }) => {
    const { bytes, digest, parity, loss } = exportOnnx({ digest: artifactDigest, files }, precision);
    const name = `${model}-${modelVersion}${precision === 'float32' ? '' : `-${precision}`}.onnx`;
    const output = await fileAt(place, name);
    await writeWholeFile(output, bytes);
    return { output, bytes: bytes.length, sha256: digest, parity, ...(loss && { loss }) };
  },

  manifest: async ({ model, modelVersion, artifactDigest, files }, { output: place }) => {
    const manifest = files['manifest.json']!;
    const output = await fileAt(place, `${model}-${modelVersion}.json`);
    await writeWholeFile(output, manifest);
    return { output, bytes: manifest.length, sha256: artifactDigest };
  },

  savedmodel: async ({ artifactDigest, files }, { output }) => {
    await makeFolder(output);
    const { 'manifest.json': manifest, ...parts } = files;
    for (const [name, bytes] of Object.entries(parts)) await writeWholeFile(path.join(output, name), bytes);
    // The manifest is written last: a folder without one is no artifact.
    await writeWholeFile(path.join(output, 'manifest.json'), manifest!);
    const bytes = Object.values(files).reduce((sum, { length }) => sum + length, 0);
    return { output, bytes, sha256: artifactDigest };
  },
};

/** A file as it was named, or in a folder that was named. */
async function fileAt(place: string, name: string): Promise<string> {
  const isFolder = (await stat(place).catch(() => undefined))?.isDirectory() === true;
  return isFolder ? path.join(place, name) : place;
}

async function makeFolder(folder: string): Promise<void> {
  try {
    await mkdir(folder, { recursive: true });
  } catch (error) {
    throw new Failure('FILE_UNREADABLE', `${folder}: ${(error as Error).message}`, { path: folder }, { cause: error });
  }
}

function reportText({ model, modelVersion, output, precision, bytes, sha256, parity, loss }: ExportReport): string {
  return [
    `${output}: ${model} ${modelVersion} in ${precision}, ${bytes} bytes`,
    `sha256  ${sha256}`,
    ...(parity === undefined ? [] : [`parity  graph and ONNX in float32 differ by ${digitsText(parity)} at most`]),
    ...(loss
      ? [
          `loss    forecasts move by ${digitsText(loss.largestDifference)} standard deviations at most; mean squared error ${digitsText(loss.meanSquaredError)}, in float32 ${digitsText(loss.meanSquaredErrorOfFloat32)}`,
        ]
      : []),
  ].join('\n');
}
