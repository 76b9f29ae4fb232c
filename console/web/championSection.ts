import type { OriginView } from '../desk/originDesk.ts';
import { digitsText } from '../figureText.ts';
import { html, type Html } from './html.ts';
import { instantText } from './layout.ts';
import { answerOf, silenceNotice, type Part } from './part.ts';
import { breakable, digestText, rowsByName, sideBySide, type ComparedRow } from './sideBySide.ts';
import { namedTable } from './table.ts';

/** A model's origin with the parameters it was trained by. */
export interface Judged {
  readonly origin: OriginView;
  readonly spec: Part<Readonly<Record<string, string>>>;
}

/** Whom a candidate is shown beside. */
export interface Rival {
  readonly alias: 'champion' | 'previous';
  /** Undefined when the alias names nothing. */
  readonly judged: Judged | undefined;
}

/** What a candidate changes against the champion; beside its predecessor once it is the champion itself. */
export function championSection(candidate: Judged, rival: Part<Rival>): Html {
  const heading = answerOf(rival)?.alias === 'previous' ? 'Beside the champion before it' : 'Beside the champion';
  if (rival.kind === 'silent') {
    return html`<section class="sheet">
      <h2>${heading}</h2>
      ${silenceNotice(rival, 'Which version is champion is not known, so nothing is compared.')}
    </section>`;
  }
  const { alias, judged } = rival.value;
  const none = alias === 'champion' ? 'There is no champion yet.' : 'It is the champion, the first one.';
  return html`<section class="sheet">
    <h2>${heading}</h2>
    ${judged ? comparison(candidate, judged) : html`<p>${none}</p>`}
  </section>`;
}

function comparison(candidate: Judged, other: Judged): Html {
  const sides = [versionText(candidate.origin), versionText(other.origin)];
  const silent = [candidate.spec, other.spec].find(({ kind }) => kind === 'silent');
  const specs = [answerOf(candidate.spec), answerOf(other.spec)];
  const made = [candidate.origin, other.origin].map(originOf);
  return html`<p>${approvalText(other.origin)}</p>
    <h3>What it was made of</h3>
    ${sideBySide('What it was made of', sides, originRows(made))}
    <h3>Specification</h3>
    ${
      silent
        ? silenceNotice(silent, 'Specifications stand in the runs there.')
        : sideBySide('Specification', sides, rowsByName(specs.map((spec) => spec ?? {})))
    }
    <h3>Figures</h3>
    ${figures(sides, candidate.origin.figures, other.origin.figures)}`;
}

function approvalText({ approval }: OriginView): Html {
  if (!approval) return html`Nobody's approval stands for its bytes: trading refuses them.`;
  const { gate, approvers, workflowId } = approval;
  const names = approvers.map(({ name, reviewedAtMs }) => `${name} (${instantText(reviewedAtMs)})`).join(', ');
  const link =
    workflowId === undefined ? html`review` : html`<a href="/models/${encodeURIComponent(workflowId)}">review</a>`;
  return html`Approved by ${names} under the gate “${gate}” in its ${link}.`;
}

type OriginTexts = Readonly<Record<'data' | 'symbols' | 'snapshot' | 'features' | 'training' | 'author', string>>;

function originOf({ snapshot, features, trainingDigest, author }: OriginView): OriginTexts {
  const { dataset, firstSession, asOf, rows, symbols } = snapshot;
  return {
    data: `${dataset}, ${firstSession} to ${asOf}, ${rows.toLocaleString('en-US')} rows`,
    symbols: symbols.join(' '),
    snapshot: snapshot.digest,
    features: features.digest,
    training: trainingDigest,
    author,
  };
}

function originRows(origins: readonly OriginTexts[]): readonly ComparedRow[] {
  const texts = (name: keyof OriginTexts): readonly string[] => origins.map((origin) => origin[name]);
  const digests = (name: keyof OriginTexts): Pick<ComparedRow, 'texts' | 'shown'> => ({
    texts: texts(name),
    shown: texts(name).map(digestText),
  });
  return [
    { name: 'Data', texts: texts('data') },
    { name: 'Symbols', texts: texts('symbols') },
    { name: 'Snapshot', ...digests('snapshot') },
    { name: 'Features', ...digests('features') },
    { name: 'Training', ...digests('training') },
    { name: 'Author', texts: texts('author') },
  ];
}

function figures(sides: readonly string[], ours: OriginView['figures'], theirs: OriginView['figures']): Html {
  const names = [...new Set([...Object.keys(ours), ...Object.keys(theirs)])].sort((a, b) => a.localeCompare(b));
  const columns = [
    { title: '' },
    ...sides.map((title) => ({ title, isNumber: true })),
    { title: 'Difference', isNumber: true },
  ];
  const text = (value: number | null | undefined): string => (value === undefined ? 'none' : digitsText(value));
  return namedTable(
    'Figures',
    columns,
    names.map((name) => {
      const [our, their] = [ours[name], theirs[name]];
      return [breakable(name), text(our), text(their), differenceText(our, their)];
    }),
  );
}

function differenceText(our: number | null | undefined, their: number | null | undefined): string {
  if (typeof our !== 'number' || typeof their !== 'number') return '';
  const difference = our - their;
  return `${difference > 0 ? '+' : ''}${digitsText(difference)}`;
}

function versionText({ model, modelVersion }: OriginView): string {
  return `${model} ${modelVersion}`;
}
