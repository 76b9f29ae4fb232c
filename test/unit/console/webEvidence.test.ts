import { afterEach, describe, expect, test } from 'vitest';
import type { MemoryDeskFaults } from './memoryDesk.ts';
import { candidateDigest, championDigest } from './memoryEvidence.ts';
import { openConsole, textOf, type VisitedConsole, type Visitor } from './visitedConsole.ts';

const promotion = '/models/promote%3Aforecaster%3A3%3Afirst';
const runs = { ours: '3'.repeat(32), theirs: '2'.repeat(32) };

let visited: VisitedConsole;

/** Somebody who is logged in to a console with these faults. */
async function visitor(faults: MemoryDeskFaults = {}): Promise<Visitor> {
  visited = await openConsole({ faults, now: () => Date.UTC(2026, 10, 21) });
  return visited.logIn('ada');
}
afterEach(() => visited.server.close());

describe('the review page', () => {
  test('shows a candidate beside the champion: data, digests, specification, figures, and who approved it', async () => {
    const text = await textOf(await visitor({ champion: championDigest }), promotion);
    expect(text).toContain('Beside the champion');
    expect(text).toContain('Approved by ada (2026-10-01 12:00 UTC), grace (2026-10-01 13:00 UTC)');
    expect(text).toContain('2013-01-02 to 2023-06-22, 5,268 rows sample-daily, 2013-01-02 to 2023-05-31, 5,238 rows');
    expect(text).toContain('Snapshot bbbbbbbbbbbb aaaaaaaaaaaa differs');
    expect(text).toContain('Features ffffffffffff ffffffffffff same');
    expect(text).toContain('learningRate 0.001 0.003 differs');
    expect(text).toContain('epochs 6 6 same');
    expect(text).toContain('walkForward. sharpe 0.4217 0.3 +0.1217');
    expect(text).toContain('walkForward. turnover none 0.0001234');
  });

  test("leads to the champion's own review and to Temporal", async () => {
    const { body } = await (await visitor({ champion: championDigest })).get(promotion);
    expect(body).toContain('href="/models/promote%3Aforecaster%3A2%3Afirst"');
    expect(body).toContain('/namespaces/plimsoll/workflows/promote%3Aforecaster%3A3%3Afirst"');
    expect(body).toContain(`?query=${encodeURIComponent('`PlimsollModel`="forecaster"')}"`);
  });

  test('says that there is no champion yet, or that the candidate is the first', async () => {
    expect(await textOf(await visitor(), promotion)).toContain('There is no champion yet.');
    await visited.server.close();
    const text = await textOf(await visitor({ champion: candidateDigest }), promotion);
    expect(text).toContain('It is the champion, the first one.');
  });

  test('REGISTRY_UNREACHABLE: with MLflow down everything but the comparison is shown', async () => {
    const ada = await visitor({ mlflowDown: true });
    expect((await ada.get(promotion)).statusCode).toBe(200);
    const text = await textOf(ada, promotion);
    expect(text).toContain('MLflow does not answer.');
    expect(text).toContain('Gate “worth trading”');
    expect(text).toContain('Approve');
  });

  test('WORKERS_SILENT: with Temporal down the version and its figures are still shown, and nothing is decided', async () => {
    const ada = await visitor({ temporalDown: true, champion: championDigest });
    expect((await ada.get(promotion)).statusCode).toBe(200);
    const text = await textOf(ada, promotion);
    expect(text).toContain('Temporal, or the workers behind it, does not answer.');
    expect(text).toContain('forecaster version 3');
    expect(text).toContain('walkForward. sharpe 0.4217 0.3');
    expect(text).not.toContain('Your verdict');
    expect((await ada.get('/models/promote%3Aother%3A1%3Afirst')).statusCode).toBe(503);
  });
});

describe('training runs', () => {
  test('are listed with their errors beside the baselines, each to be chosen by name', async () => {
    const { body } = await (await visitor()).get('/runs');
    expect(body).toContain(`type="checkbox" name="run" value="${runs.ours}"`);
    expect(body).toContain('0.0004123');
    expect(body).toContain('0.0003987');
  });

  test('stand side by side: what differs is said, baselines follow the network', async () => {
    const text = await textOf(await visitor(), `/runs/compare?run=${runs.ours}&run=${runs.theirs}`);
    expect(text).toContain('learningRate 0.001 0.003 differs');
    expect(text).toContain('Author linus linus same');
    expect(text).toContain('Took 42 s 42 s');
    const [network, ridge] = ['network', 'ridge'].map((name) => text.indexOf(`validation. ${name}. meanSquaredError`));
    expect(network).toBeGreaterThan(0);
    expect(ridge).toBeGreaterThan(network!);
    expect(text).toContain('validation. network. rankCorrelation undefined undefined');
  });

  test.each([
    ['none', '', 400],
    ['one', `?run=${runs.ours}`, 400],
    ['one twice', `?run=${runs.ours}&run=${runs.ours}`, 400],
    ['one that is gone', `?run=${runs.ours}&run=${'9'.repeat(32)}`, 404],
  ])('of which %s is chosen are shown again with what to choose', async (_, query, status) => {
    const ada = await visitor();
    expect((await ada.get(`/runs/compare${query}`)).statusCode).toBe(status);
    const said = status === 404 ? 'A chosen run is not there any more.' : 'Choose 2 to 6 runs.';
    expect(await textOf(ada, `/runs/compare${query}`)).toContain(said);
  });

  test.each(['/runs', `/runs/compare?run=${runs.ours}&run=${runs.theirs}`])(
    'are not to be had while MLflow is down: %s is 503 and says what to do',
    async (url) => {
      const ada = await visitor({ mlflowDown: true });
      expect((await ada.get(url)).statusCode).toBe(503);
      expect(await textOf(ada, url)).toContain('Check that it runs ( plimsoll status )');
    },
  );
});

describe("an account's page", () => {
  test('shows positions, open orders, equity, drawdown and the way to each workflow', async () => {
    const ada = await visitor();
    const text = await textOf(ada, '/accounts/paper-main');
    expect(text).toContain('NVDA 40 $400.00 $16,000.00');
    expect(text).toContain('paper-main-20230626-model-AAPL-1 partiallyFilled buy AAPL 4 of 10 $185.00');
    expect(text).toContain('Cash $79,000.00');
    expect(text).toContain('1 position, 1 open order');
    expect(text).toContain('Drawdown 5.00 %');
    const { body } = await ada.get('/accounts/paper-main');
    for (const id of ['order:paper-main-20230626-model-AAPL-1', 'guard:paper-main', 'session:paper-main:2023-06-26']) {
      expect(body).toContain(`/workflows/${encodeURIComponent(id)}"`);
    }
    expect(body).toContain(encodeURIComponent('`PlimsollAccount`="paper-main"'));
  });

  test('takes equity and drawdown from the last report while no guard tells', async () => {
    const text = await textOf(await visitor({ temporalDown: true }), '/accounts/paper-main');
    expect(text).toContain('Equity $100,012.34 at the end of session 2023-06-26');
    expect(text).toContain('Drawdown 0.00 %');
  });

  test('ACCOUNT_UNKNOWN is 404', async () => {
    expect((await (await visitor()).get('/accounts/nobody')).statusCode).toBe(404);
  });
});
