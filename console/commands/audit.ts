import { Failure } from '#domain/failure.ts';
import { atDesk, type CommandRegistration } from '../context.ts';

/** `audit verify`: proves that no record was altered or removed. */
export const registerAudit: CommandRegistration = (program, context) => {
  program
    .command('audit')
    .description('the audit chain')
    .command('verify')
    .description('recompute the chain of every record')
    .action(() =>
      atDesk(context, async ({ audit }) => {
        const found = await audit.verify();
        if (!found.verified) {
          throw new Failure('AUDIT_BROKEN', `record ${found.brokenAt ?? 0} does not follow from the one before`, found);
        }
        context.answer({
          value: found,
          text: `${found.records} records follow from each other; head ${found.headHash}`,
        });
      }),
    );
};
