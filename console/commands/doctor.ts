import { failureEntry } from '#domain/failures/catalogue.ts';
import { diagnose } from '#infra/stack/doctor/diagnose.ts';
import type { Finding } from '#infra/stack/doctor/finding.ts';
import { exitCodes, tableText } from '../answer.ts';
import type { CommandRegistration } from '../context.ts';
import { stackPlace } from '../stackPlace.ts';

/** `doctor`: names the usual faults of a machine and what to do about each. */
export const registerDoctor: CommandRegistration = (program, context) => {
  program
    .command('doctor')
    .description('look for the usual faults of a machine and say what to do; exit code 1 when there is one')
    .action(async () => {
      const findings = await diagnose({ ...stackPlace(context), environment: { ...context.environment } });
      const isWell = findings.every(({ state }) => state !== 'fault');
      context.answer({
        value: findings.map((finding) => ({ ...finding, ...(actionOf(finding) && { action: actionOf(finding) }) })),
        text: findingsText(findings),
        exitCode: isWell ? exitCodes.ok : exitCodes.failure,
      });
    });
};

function findingsText(findings: readonly Finding[]): string {
  const table = tableText(
    ['check', 'state', 'found'],
    findings.map(({ check, state, message }) => [check, state === 'fault' ? 'FAULT' : state, message]),
  );
  const actions = findings.flatMap((finding) =>
    finding.state === 'fault' ? [`${finding.code}: ${finding.message} / ${actionOf(finding) ?? ''}`] : [],
  );
  return actions.length === 0 ? table : `${table}\n\n${actions.join('\n')}`;
}

function actionOf(finding: Finding): string | undefined {
  return finding.state === 'fault' ? failureEntry(finding.code).action : undefined;
}
