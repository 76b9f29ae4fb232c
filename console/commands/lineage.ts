import { Failure } from '#domain/failure.ts';
import type { ModelOrigin, OrderLineage, Proof } from '#infra/postgres/lineage/lineage.ts';
import { tableText } from '../answer.ts';
import { atDesk, type CommandContext, type CommandRegistration } from '../context.ts';
import { moneyText } from '../figureText.ts';

/** `lineage`: from an order to the bytes, the data, the code and the people behind it, and from any of these back. */
export const registerLineage: CommandRegistration = (program, context) => {
  program
    .command('lineage')
    .argument(
      '<identity>',
      'a client order id or execution; or what orders rest on: a digest, MODEL:VERSION, an MLflow run, a reviewer',
    )
    .description(
      'walk from an order to its data, code, model and approvers, proving each step; or from these to orders',
    )
    .action((identity: string) =>
      atDesk(context, async ({ lineage }) => {
        const origin = await lineage.originOf(identity);
        if (origin) {
          tellOrigin(context, origin);
          return;
        }
        const orders = await lineage.restingOn(identity);
        if (orders.length === 0) {
          throw new Failure('LINEAGE_UNKNOWN', `no order is, or rests on, ${identity}`, { identity });
        }
        const rows = orders.map(({ session, account, side, filledQuantity, symbol, clientOrderId }) => [
          session,
          account,
          `${side} ${filledQuantity} ${symbol}`,
          clientOrderId,
        ]);
        context.answer({
          value: { identity, orders },
          text: tableText(['session', 'account', 'filled', 'order'], rows),
        });
      }),
    );
};

/** @throws Failure LINEAGE_UNPROVEN after the walk was told, when a proof does not hold */
function tellOrigin(context: CommandContext, origin: OrderLineage): void {
  context.answer({ value: origin, text: originText(origin) });
  const broken = origin.proofs.filter(({ holds }) => !holds);
  if (broken.length > 0) {
    throw new Failure('LINEAGE_UNPROVEN', broken.map(({ claim, why }) => `not so: ${claim} (${why})`).join('; '), {
      clientOrderId: origin.order.clientOrderId,
      broken: broken.map(({ claim }) => claim),
    });
  }
}

function originText({ order, fills, decision, decidedFrom, model, proofs }: OrderLineage): string {
  const { targets, codeVersion } = (decision?.body ?? {}) as {
    readonly targets?: Readonly<Record<string, number>>;
    readonly codeVersion?: string;
  };
  const weight = targets?.[order.symbol] ?? 0;
  return [
    `order     ${order.clientOrderId}`,
    `          ${order.account}, session ${order.session}: ${order.side} ${order.quantity} ${order.symbol}, ${order.state}`,
    ...fills.map(
      ({ executionId, quantity, price, commission, marketTimeMs }) =>
        `fill      ${quantity} at ${moneyText(price)}, commission ${moneyText(commission)}, ` +
        `${new Date(marketTimeMs).toISOString()}, execution ${executionId}`,
    ),
    ...(decision
      ? [
          `decision  ${decision.decisionId}: ${(100 * weight).toFixed(2)} % of equity by ${decision.model} ` +
            `version ${decision.modelVersion}, code ${codeVersion ?? 'not recorded'}`,
        ]
      : ['decision  none asked for it']),
    ...(decidedFrom ? [`          from ${snapshotText(decidedFrom)}`] : []),
    ...(model ? modelLines(model) : []),
    ...proofs.map(proofText),
  ].join('\n');
}

function modelLines(model: ModelOrigin): readonly string[] {
  const { manifest, trainedOn } = model;
  return [
    `model     ${model.model} version ${model.modelVersion}, artifact ${model.digest}`,
    `          trained by ${model.author}, MLflow run ${model.mlflowRunId}, features ${model.featureDigest}`,
    ...(trainedOn ? [`          on ${snapshotText(trainedOn)}`] : []),
    ...(manifest ? [`          code ${manifest.codeVersion}`] : []),
    ...model.reviews.map(
      ({ reviewer, verdict, reviewedAtMs, comment }) =>
        `review    ${reviewer}: ${verdict}, ${new Date(reviewedAtMs).toISOString()}${comment === '' ? '' : `: ${comment}`}`,
    ),
  ];
}

function snapshotText({ digest, dataset, firstSession, asOf, rows }: NonNullable<OrderLineage['decidedFrom']>): string {
  return `snapshot ${digest} of ${dataset}, ${firstSession} to ${asOf}, ${rows} rows`;
}

function proofText({ claim, holds, why }: Proof): string {
  return holds ? `proven    ${claim}` : `BROKEN    ${claim}: ${why}`;
}
