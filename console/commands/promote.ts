import { loadPlan } from '#infra/configuration/plan.ts';
import type { Settings } from '#infra/configuration/schema.ts';
import type { PromotionRequest } from '#activities/promotionActivities.ts';
import { exitCodes, type Answer } from '../answer.ts';
import { atDesk, type CommandContext, type CommandRegistration } from '../context.ts';
import type { Desk } from '../desk/desk.ts';
import { gateText } from '../gateText.ts';
import { promotionTerms } from '../start/promotionTerms.ts';
import { planOf } from '../validation/settingsPlan.ts';

interface PromoteOptions {
  readonly plan?: string;
  readonly request?: string;
}

/** `promote`: carries a judged version to the gate, and to the reviewers when it opens. */
export const registerPromote: CommandRegistration = (program, context) => {
  program
    .command('promote')
    .argument('<model>', 'name in the registry')
    .argument('[version]', 'number of a version, or an alias; the newest unless given')
    .option('--plan <name>', 'by the gates of this pinned plan; those of the settings unless given')
    .option('--request <name>', 'identity of the request: another one asks anew; the plan, or `settings`, unless given')
    .description('weigh a judged version at its gate and ask people to review it')
    .action((model: string, version: string | undefined, options: PromoteOptions) =>
      promote(context, { model, version }, options),
    );
};

async function promote(
  context: CommandContext,
  { model, version }: { readonly model: string; readonly version: string | undefined },
  options: PromoteOptions,
): Promise<void> {
  const { settings } = context.settings();
  const { plan } = options;
  const { holdoutSessions } = planOf(settings, plan === undefined ? {} : { plan });
  await atDesk(context, async ({ starts, validations }) => {
    const { candidate } = await validations.subject(model, version, holdoutSessions);
    const request = options.request ?? plan ?? 'settings';
    const asked = { candidate, request, ...gatesOf(settings, plan), ...promotionTerms(settings) };
    context.answer(told(await starts.promote(asked)));
  });
}

function gatesOf(
  { promotion }: Settings,
  plan: string | undefined,
): Pick<PromotionRequest, 'honestGate' | 'demonstrationGate'> {
  if (plan === undefined) return { honestGate: promotion.gate };
  const { honest, demonstration } = loadPlan(plan).gates;
  return { honestGate: honest, demonstrationGate: demonstration };
}

function told({ workflowId, status }: Awaited<ReturnType<Desk['starts']['promote']>>): Answer {
  const { gate, artifactDigest, approvalsRequired, author, stage } = status;
  const decision = status.decision ?? null;
  const next =
    stage === 'review'
      ? `waits for ${approvalsRequired} reviewers other than ${author}: plimsoll review show ${workflowId}`
      : `decided: ${decision ?? 'nothing'}`;
  return {
    value: { workflowId, artifactDigest, stage, decision, gate: gate ?? null },
    text: [`${workflowId}, artifact ${artifactDigest}`, gateText(gate ?? { name: '', checks: [] }), next].join('\n'),
    ...(decision === 'gateFailed' && { exitCode: exitCodes.refused }),
  };
}
