import { Failure } from '#domain/failure.ts';
import { atDesk, type CommandRegistration } from '../context.ts';

/** `audit verify`: proves that no record was altered or removed, and that people signed what is kept in their names. */
export const registerAudit: CommandRegistration = (program, context) => {
  program
    .command('audit')
    .description('the audit chain')
    .command('verify')
    .description('recompute the chain of every record and check the signature of every review')
    .action(() =>
      atDesk(context, async ({ audit }) => {
        const found = await audit.verify();
        if (!found.verified) {
          throw new Failure('AUDIT_BROKEN', `record ${found.brokenAt ?? 0} does not follow from the one before`, found);
        }
        const { signatures, forged } = await audit.verifySignatures();
        if (forged.length > 0) {
          throw new Failure('AUDIT_SIGNATURE_FORGED', `not signed by their reviewers: ${forged.join('; ')}`, {
            forged,
          });
        }
        context.answer({
          value: { ...found, signatures },
          text: `${found.records} records follow from each other, ${signatures} signatures hold; head ${found.headHash}`,
        });
      }),
    );
};
