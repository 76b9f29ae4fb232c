import type { PromotionView } from '../desk/desk.ts';
import { html, type Html } from './html.ts';
import { chip, instantText, page, type Visit } from './layout.ts';
import { silenceNotice, type Part } from './part.ts';
import { approvalsText, gateChip, modelAddress, stageChip } from './promotionTexts.ts';

/** Candidates: those that wait for people first. */
export function modelsPage(visit: Visit, promotions: Part<readonly PromotionView[]>): Html {
  const body = html`<h1>Models</h1>
    ${silenceNotice(promotions, 'Promotions stand there, so none can be listed or decided.')}
    ${promotions.kind === 'answered' ? promotionLists(promotions.value) : ''}`;
  return page(visit, { title: 'Models', place: 'models', body });
}

function promotionLists(views: readonly PromotionView[]): Html {
  const waiting = views.filter(({ closed }) => !closed);
  const decided = views.filter(({ closed }) => closed);
  const list = (some: readonly PromotionView[]): Html =>
    html`<ul class="rows">
      ${some.map(modelRow)}
    </ul>`;
  return html`<p class="lead">${waiting.length === 0 ? 'No candidate waits for review.' : countText(waiting.length)}</p>
    ${list(waiting)}
    ${
      decided.length === 0
        ? ''
        : html`<section class="sheet">
            <h2>Decided</h2>
            ${list(decided)}
          </section>`
    }`;
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

function countText(count: number): string {
  return count === 1 ? 'One candidate waits for people.' : `${count} candidates wait for people.`;
}
