import { figureText } from '../figureText.ts';
import type { CandidateFigures, DocumentKind, PromotionView } from '../desk/desk.ts';
import type { GateOutcome, PromotionStatus } from '#workflows/messages.ts';
import { html, type Html, type HtmlValue } from './html.ts';
import { chip, formTokenField, instantText, page, type Visit } from './layout.ts';

const documentNames: Readonly<Record<DocumentKind, string>> = { modelCard: 'Model card', tearSheet: 'Tear sheet' };

/** Candidates: those that wait for people first. */
export function modelsPage(visit: Visit, views: readonly PromotionView[]): Html {
  const waiting = views.filter(({ closed }) => !closed);
  const decided = views.filter(({ closed }) => closed);
  const list = (some: readonly PromotionView[]): Html =>
    html`<ul class="rows">
      ${some.map(modelRow)}
    </ul>`;
  const body = html`<h1>Models</h1>
    <p class="lead">${waiting.length === 0 ? 'No candidate waits for review.' : countText(waiting.length)}</p>
    ${list(waiting)}
    ${
      decided.length === 0
        ? ''
        : html`<section class="sheet">
            <h2>Decided</h2>
            ${list(decided)}
          </section>`
    }`;
  return page(visit, { title: 'Models', place: 'models', body });
}

/** One candidate: its verdicts, figures, documents and reviews, and the form that takes a verdict. */
export function modelPage(
  visit: Visit,
  view: PromotionView,
  { judged, requestId }: { readonly judged: CandidateFigures | undefined; readonly requestId: string },
): Html {
  const { status } = view;
  const body = status
    ? candidate(visit, { view, status, judged, requestId })
    : html`<h1>${view.workflowId}</h1>
        <section class="sheet notice warn">
          <p>
            No worker answers, so nothing can be told or decided. Try again once <code>plimsoll status</code> says that
            the workers run.
          </p>
        </section>`;
  return page(visit, { title: status ? `${status.model} ${status.modelVersion}` : 'Model', place: 'models', body });
}

interface Candidate {
  readonly view: PromotionView;
  readonly status: PromotionStatus;
  readonly judged: CandidateFigures | undefined;
  readonly requestId: string;
}

function candidate(visit: Visit, { view, status, judged, requestId }: Candidate): Html {
  const { gate, honestGate } = status;
  return html`<h1>${status.model} <span class="soft">version ${status.modelVersion}</span></h1>
    <div class="chips">
      ${stageChip(status)} ${honestGate ? gateChip('honest gate', honestGate) : ''}
      ${gate && gate.name !== honestGate?.name ? gateChip(gate.name, gate) : ''}
    </div>
    ${honestGate?.verdict === 'failed' ? honestWarning(honestGate) : ''}
    <section class="sheet">
      <h2>Candidate</h2>
      <dl class="facts">
        <dt>Artifact</dt>
        <dd><code>${status.artifactDigest}</code></dd>
        <dt>Author</dt>
        <dd>${status.author}</dd>
        <dt>Approvals</dt>
        <dd>${approvalsText(status)}</dd>
        <dt>Open until</dt>
        <dd>${status.expiresAtMs === 0 ? 'not open yet' : instantText(status.expiresAtMs)}</dd>
        <dt>Documents</dt>
        <dd>${documents(status.artifactDigest, judged?.documents ?? [])}</dd>
      </dl>
    </section>
    ${honestGate ? gateTable(honestGate) : ''} ${gate && gate.name !== honestGate?.name ? gateTable(gate) : ''}
    ${judged ? figures(judged) : ''} ${reviews(status)}
    ${status.stage === 'review' ? verdictForm(visit, { view, status, requestId }) : ''}`;
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
  { view, status, requestId }: Pick<Candidate, 'view' | 'status' | 'requestId'>,
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

function notAllowed({ person }: Visit, status: PromotionStatus): string | undefined {
  if (!person.roles.includes('reviewer')) return 'Only reviewers decide about a candidate.';
  if (status.author === person.name) return 'You are the author: others decide about this candidate.';
  if (status.reviews.some(({ reviewer }) => reviewer === person.name)) return 'Your verdict was taken.';
  return undefined;
}

function modelRow(view: PromotionView): Html {
  const { status, workflowId } = view;
  const name = status ? `${status.model} version ${status.modelVersion}` : workflowId;
  return html`<li class="sheet">
    <div class="grow">
      <strong><a href="${modelAddress(view)}">${name}</a></strong
      ><br />
      <small>asked for ${instantText(view.startedAtMs)}${status ? html`, by ${status.author}` : ''}</small>
    </div>
    ${status ? html`<code class="soft">${status.artifactDigest.slice(0, 12)}</code>` : ''}
    ${status ? html`<span class="soft">${approvalsText(status)}</span>` : ''}
    ${status?.honestGate ? gateChip('honest gate', status.honestGate) : ''}
    ${status ? stageChip(status) : chip('no worker answers', 'warn')}
  </li>`;
}

function documents(artifactDigest: string, kinds: readonly DocumentKind[]): Html {
  if (kinds.length === 0) return html`none`;
  return html`${kinds.map(
    (kind, index) =>
      html`${index > 0 ? ', ' : ''}<a href="/documents/${artifactDigest}/${kind}">${documentNames[kind]}</a>`,
  )}`;
}

// A figure's name may break after its dots, rather than anywhere.
function breakable(name: string): readonly HtmlValue[] {
  return name.split('.').map((part, index) => (index === 0 ? part : html`.<wbr />${part}`));
}

function stageChip({ stage, decision }: PromotionStatus): Html {
  if (decision === 'approved') return chip('approved', 'good');
  if (decision !== undefined) return chip(decision === 'gateFailed' ? 'gate failed' : decision, 'bad');
  return chip(stage === 'review' ? 'waits for review' : 'at the gate');
}

function gateChip(name: string, { verdict }: GateOutcome): Html {
  return chip(`${name}: ${verdict}`, verdict === 'passed' ? 'good' : 'bad');
}

function approvalsText({ reviews: taken, approvalsRequired }: PromotionStatus): string {
  return `${taken.filter(({ verdict }) => verdict === 'approve').length} of ${approvalsRequired} approvals`;
}

function modelAddress({ workflowId }: PromotionView): string {
  return `/models/${encodeURIComponent(workflowId)}`;
}

function countText(count: number): string {
  return count === 1 ? 'One candidate waits for people.' : `${count} candidates wait for people.`;
}
