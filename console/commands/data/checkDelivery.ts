import { sessionsBetween } from '#domain/calendar.ts';
import type { SessionDate } from '#domain/sessionDate.ts';
import type { DailyDelivery } from '#infra/fileDrop/readDailyFiles.ts';
import { checkContract, type ContractReport } from '#pipelines/contract/checkContract.ts';
import type { ContractRules } from '#pipelines/contract/contractRules.ts';
import type { Finding } from '#pipelines/contract/finding.ts';
import { unionOfSessions } from '#pipelines/sessionSpan.ts';

/** What files are held against. */
export interface DeliveryTerms {
  /** Last session that can be known; absent: the latest in the files. */
  readonly asOf?: SessionDate | undefined;
  /** Thresholds; absent: the defaults. */
  readonly rules?: ContractRules;
}

/** The contract's report, with the files that are no data among its findings. */
export function checkDelivery(delivery: DailyDelivery, { asOf, rules }: DeliveryTerms): ContractReport {
  const sessions = unionOfSessions(delivery.bars);
  const [first, last] = [sessions[0], asOf ?? sessions.at(-1)];
  const report = checkContract(delivery.bars, {
    ...(rules && { rules }),
    ...(first !== undefined && last !== undefined && { expectedSessions: sessionsBetween(first, last) }),
  });
  const notData = delivery.notData.map(({ path, symbol, problem, beginning }): Finding => ({
    rule: 'vendorError',
    symbol: symbol ?? path,
    session: null,
    figures: { path, problem, beginning },
    action: 'quarantined',
  }));
  const quarantined = [...report.quarantined, ...notData.map(({ symbol }) => symbol)];
  return { ...report, quarantined, findings: [...notData, ...report.findings] };
}
