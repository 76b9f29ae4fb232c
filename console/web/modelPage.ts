import { figureText } from '../figureText.ts';
import type { CandidateFigures, DocumentKind, PromotionView } from '../desk/desk.ts';
import type { GateOutcome, PromotionStatus } from '#workflows/messages.ts';
import { html, type Html } from './html.ts';
import { chip, formTokenField, instantText, page, type Visit } from './layout.ts';
import { championSection } from './championSection.ts';
import type { ComparedModel } from './comparedModel.ts';
import { answerOf, silenceNotice, type Part } from './part.ts';
import { approvalsText, gateChip, modelAddress, stageChip } from './promotionTexts.ts';
import { breakable } from './sideBySide.ts';
import { workflowLink, workflowsLink } from './temporalLinks.ts';

const documentNames: Readonly<Record<DocumentKind, string>> = { modelCard: 'Model card', tearSheet: 'Tear sheet' };

/** What a candidate's page is drawn from; each part may be missing for want of its server. */
export interface ModelParts {
  readonly workflowId: string;
  /** From Temporal. */
  readonly promotion: Part<PromotionView>;
  /** From PostgreSQL; undefined for bytes that were never validated. */
  readonly judged: Part<CandidateFigures | undefined>;
  /** From PostgreSQL and MLflow; undefined for bytes that the catalogue does not know. */
  readonly compared: Part<ComparedModel | undefined>;
  readonly requestId: string;
}

/** One candidate: verdicts, what it changes, figures, documents and reviews, and the form that takes a verdict. */
export function modelPage(visit: Visit, parts: ModelParts): Html {
  const { workflowId, promotion, compared, requestId } = parts;
  const view = answerOf(promotion);
  const status = view?.status;
  const origin = answerOf(compared)?.candidate.origin;
  const version = status ?? origin;
  const heading = version
    ? html`${version.model} <span class="soft">version ${version.modelVersion}</span>`
    : html`${workflowId}`;
  const body = html`<h1>${heading}</h1>
    ${silenceNotice(promotion, 'Where this promotion stands is not known, and nothing can be decided.')}
    ${view && !status ? silentWorkers : ''} ${status ? standing(status) : ''}
    ${version ? candidateFacts(visit, { ...parts, version }) : ''}
    ${status?.honestGate ? gateTable(status.honestGate) : ''}
    ${status?.gate && status.gate.name !== status.honestGate?.name ? gateTable(status.gate) : ''}
    ${silenceNotice(compared, 'What the model was made of, its figures and who approved the champion stand there.')}
    ${silenceNotice(parts.judged, 'Figures and documents of the validation stand there.')} ${comparison(parts)}
    ${status ? reviews(status) : ''}
    ${view && status?.stage === 'review' ? verdictForm(visit, { view, status, requestId }) : ''}`;
  return page(visit, {
    title: version ? `${version.model} ${version.modelVersion}` : 'Model',
    place: 'models',
    body,
  });
}

const silentWorkers = html`<section class="sheet notice warn">
  <p>
    No worker answers, so where this promotion stands is not known and nothing can be decided. Try again once
    <code>plimsoll status</code> says that the workers run.
  </p>
</section>`;

function standing(status: PromotionStatus): Html {
  const { gate, honestGate } = status;
  return html`<div class="chips">
      ${stageChip(status)} ${honestGate ? gateChip('honest gate', honestGate) : ''}
      ${gate && gate.name !== honestGate?.name ? gateChip(gate.name, gate) : ''}
    </div>
    ${honestGate?.verdict === 'failed' ? honestWarning(honestGate) : ''}`;
}

function candidateFacts(
  visit: Visit,
  {
    workflowId,
    promotion,
    judged,
    version,
  }: ModelParts & { readonly version: Pick<PromotionStatus, 'model' | 'artifactDigest' | 'author'> },
): Html {
  const status = answerOf(promotion)?.status;
  const { model, artifactDigest, author } = version;
  return html`<section class="sheet">
    <h2>Candidate</h2>
    <dl class="facts">
      <dt>Artifact</dt>
      <dd><code>${artifactDigest}</code></dd>
      <dt>Author</dt>
      <dd>${author}</dd>
      ${
        status
          ? html`<dt>Approvals</dt>
              <dd>${approvalsText(status)}</dd>
              <dt>Open until</dt>
              <dd>${status.expiresAtMs === 0 ? 'not open yet' : instantText(status.expiresAtMs)}</dd>`
          : ''
      }
      <dt>Documents</dt>
      <dd>${documents(artifactDigest, answerOf(judged)?.documents ?? [])}</dd>
      <dt>In Temporal</dt>
      <dd>
        ${workflowLink(visit.links, workflowId, 'this promotion')},
        ${workflowsLink(visit.links, { kind: 'model', name: model })}
      </dd>
    </dl>
  </section>`;
}

/** The figures stand beside the champion's where there is one, alone otherwise. */
function comparison({ compared, judged }: ModelParts): Html {
  const known = answerOf(compared);
  const named = answerOf(judged);
  const beside = known ? championSection(known.candidate, known.rival) : '';
  const hasRival = known && answerOf(known.rival)?.judged !== undefined;
  return html`${beside} ${named && !hasRival ? figures(named) : ''}`;
}

function honestWarning(gate: GateOutcome): Html {
  return html`<section class="sheet notice warn">
    <p>
      <strong>This model did not pass “${gate.name}”.</strong> It is shown because a demonstration opens the review on a
      plumbing check, which says nothing about profit.
    </p>
  </section>`;
}

function gateTable(gate: GateOutcome): Html {
  const rows = gate.checks.map(
    ({ metric, comparison, threshold, actual, passed, reason }) =>
      html`<tr>
        <td>${chip(passed ? 'passed' : 'failed', passed ? 'good' : 'bad')}</td>
        <td><code>${breakable(metric)}</code><br /><small>${reason}</small></td>
        <td class="number">${figureText(actual)}</td>
        <td class="number">${comparison === 'atLeast' ? 'at least' : 'at most'} ${figureText(threshold)}</td>
      </tr>`,
  );
  return html`<section class="sheet">
    <h2>Gate “${gate.name}”</h2>
    <div class="scroll">
      <table class="gate">
        <thead>
          <tr>
            <th>Check</th>
            <th>Figure</th>
            <th class="number">Is</th>
            <th class="number">Must be</th>
          </tr>
        </thead>
        <tbody>
          ${rows}
        </tbody>
      </table>
    </div>
  </section>`;
}

function figures({ figures: named }: CandidateFigures): Html {
  // PostgreSQL keeps no order of names: families of figures stand together.
  const sorted = Object.entries(named).sort(([one], [other]) => one.localeCompare(other));
  const entries = sorted.map(
    ([name, value]) =>
      html`<div>
        <dt>${breakable(name)}</dt>
        <dd>${figureText(value)}</dd>
      </div>`,
  );
  return html`<section class="sheet">
    <h2>Validation</h2>
    <dl class="figures">${entries}</dl>
  </section>`;
}

function reviews({ reviews: taken }: PromotionStatus): Html {
  if (taken.length === 0) return html``;
  const rows = taken.map(
    ({ reviewer, verdict, comment }) =>
      html`<tr>
        <td>${reviewer}</td>
        <td>${chip(verdict === 'approve' ? 'approves' : 'rejects', verdict === 'approve' ? 'good' : 'bad')}</td>
        <td>${comment}</td>
      </tr>`,
  );
  return html`<section class="sheet">
    <h2>Reviews</h2>
    <div class="scroll">
      <table>
        <tbody>
          ${rows}
        </tbody>
      </table>
    </div>
  </section>`;
}

function verdictForm(
  visit: Visit,
  {
    view,
    status,
    requestId,
  }: { readonly view: PromotionView; readonly status: PromotionStatus; readonly requestId: string },
): Html {
  const reason = notAllowed(visit, status);
  if (reason !== undefined)
    return html`<section class="sheet">
      <h2>Your verdict</h2>
      <p class="soft">${reason}</p>
    </section>`;
  return html`<form class="sheet" method="post" action="${modelAddress(view)}/review">
    <h2>Your verdict</h2>
    <p class="soft">
      It is bound to artifact <code>${status.artifactDigest.slice(0, 16)}</code>, kept for ever in the audit chain, and
      cannot be taken back.
    </p>
    ${formTokenField(visit)}
    <input type="hidden" name="artifactDigest" value="${status.artifactDigest}" />
    <input type="hidden" name="requestId" value="${requestId}" />
    <label for="comment">Why</label><textarea id="comment" name="comment" required maxlength="2000"></textarea>
    <label for="password">Your password, to sign it</label>
    <input id="password" name="password" type="password" autocomplete="current-password" required maxlength="500" />
    <div class="actions">
      <button name="verdict" value="approve">Approve</button>
      <button class="bad" name="verdict" value="reject">Reject</button>
    </div>
  </form>`;
}

function notAllowed({ person, lastCheckedAtMs }: Visit, status: PromotionStatus): string | undefined {
  if (lastCheckedAtMs !== undefined) return 'Nothing can be signed while PostgreSQL does not answer.';
  if (!person.roles.includes('reviewer')) return 'Only reviewers decide about a candidate.';
  if (status.author === person.name) return 'You are the author: others decide about this candidate.';
  if (status.reviews.some(({ reviewer }) => reviewer === person.name)) return 'Your verdict was taken.';
  return undefined;
}

function documents(artifactDigest: string, kinds: readonly DocumentKind[]): Html {
  if (kinds.length === 0) return html`none`;
  return html`${kinds.map(
    (kind, index) =>
      html`${index > 0 ? ', ' : ''}<a href="/documents/${artifactDigest}/${kind}">${documentNames[kind]}</a>`,
  )}`;
}
