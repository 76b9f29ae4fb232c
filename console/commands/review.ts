import type { Command } from 'commander';
import { Failure } from '#domain/failure.ts';
import { tableText, type Answer } from '../answer.ts';
import { atDesk, type CommandContext, type CommandRegistration } from '../context.ts';
import type { Desk, PromotionView } from '../desk/desk.ts';
import { figureText } from '../figureText.ts';
import { askCredentials } from '../identity.ts';
import { signReview } from '../signReview.ts';
import { gateText } from '../gateText.ts';

interface VerdictOptions {
  readonly reviewer?: string;
  readonly digest: string;
  readonly comment: string;
  readonly requestId?: string;
}

/** `review list | show | approve | reject`: people's part in a promotion. */
export const registerReview: CommandRegistration = (program, context) => {
  const review = program.command('review').description('candidates that wait for people');
  review
    .command('list')
    .description('list promotions under way and the last that ended')
    .action(() => atDesk(context, async ({ promotions }) => context.answer(listed(await promotions.list()))));
  review
    .command('show')
    .argument('<promotion>', 'id of the promotion, as `review list` tells it')
    .description("show a candidate's gate, figures, documents and reviews")
    .action((id: string) => atDesk(context, async (desk) => context.answer(await shown(desk, id))));
  registerVerdict(review, context, 'approve');
  registerVerdict(review, context, 'reject');
};

function registerVerdict(review: Command, context: CommandContext, verdict: 'approve' | 'reject'): void {
  review
    .command(verdict)
    .argument('<promotion>', 'id of the promotion')
    .requiredOption('--digest <digest>', 'artifact digest you looked at, at least its first 12 digits')
    .requiredOption('--comment <text>', 'why')
    .option('--reviewer <name>', 'who you are; PLIMSOLL_REVIEWER when absent, the password from PLIMSOLL_PASSWORD')
    .option('--request-id <id>', 'identity of this verdict; the same again changes nothing')
    .description(`${verdict} a candidate`)
    .action((workflowId: string, options: VerdictOptions) =>
      atDesk(context, async (desk) => {
        const credentials = await askCredentials(context, options.reviewer);
        const { name } = credentials;
        const { status } = await desk.promotions.find(workflowId);
        const artifactDigest = confirmedDigest(status?.artifactDigest, options.digest);
        const { comment } = options;
        const said = { workflowId, status: status!, artifactDigest, verdict, comment };
        const receipt = await desk.promotions.review({
          workflowId,
          updateId: options.requestId ?? `${verdict}:${name}:${artifactDigest.slice(0, 16)}`,
          review: await signReview(desk.people, credentials, said),
        });
        context.answer({
          value: { workflowId, reviewer: name, verdict, ...receipt },
          text: `${verdict} by ${name} taken: ${receipt.approvals} of ${receipt.approvalsRequired}, ${receipt.decision}`,
        });
      }),
    );
}

// The decision is bound to bytes, not to a name: the reviewer says which bytes were looked at.
function confirmedDigest(underReview: string | undefined, given: string): string {
  if (underReview !== undefined && given.length >= 12 && underReview.startsWith(given)) return underReview;
  throw new Failure('DIGEST_MISMATCH', `${given} is not the digest under review`, {
    given,
    underReview: underReview ?? null,
  });
}

function listed(views: readonly PromotionView[]): Answer {
  const rows = views.map(({ workflowId, status }) => [
    workflowId,
    status ? (status.decision ?? status.stage) : 'no worker answers',
    status ? `${approvals(status)} of ${status.approvalsRequired}` : '',
    status?.artifactDigest.slice(0, 16) ?? '',
  ]);
  const text =
    rows.length === 0 ? 'no promotion was asked for' : tableText(['promotion', 'stage', 'approvals', 'digest'], rows);
  return { value: views, text };
}

async function shown(desk: Desk, workflowId: string): Promise<Answer> {
  const view = await desk.promotions.find(workflowId);
  const { status } = view;
  const judged = status && (await desk.promotions.figures(status.artifactDigest));
  const figures = Object.entries(judged?.figures ?? {}).map(([name, value]) => [name, figureText(value)]);
  const reviews = (status?.reviews ?? []).map(({ reviewer, verdict, comment }) => [reviewer, verdict, comment]);
  const parts = [
    status ? `${status.model} version ${status.modelVersion} by ${status.author}` : 'no worker answers',
    ...(status ? [`digest ${status.artifactDigest}`, `stage ${status.decision ?? status.stage}`] : []),
    ...(status?.honestGate ? [`honest gate "${status.honestGate.name}": ${status.honestGate.verdict}`] : []),
    ...(status?.gate && status.gate.checks.length > 0 ? ['', gateText(status.gate)] : []),
    ...(figures.length > 0 ? ['', tableText(['figure', 'value'], figures)] : []),
    ...(reviews.length > 0 ? ['', tableText(['reviewer', 'verdict', 'comment'], reviews)] : []),
  ];
  return { value: { ...view, ...judged }, text: parts.join('\n') };
}

function approvals(status: NonNullable<PromotionView['status']>): number {
  return status.reviews.filter(({ verdict }) => verdict === 'approve').length;
}
