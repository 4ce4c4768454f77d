// `switchyard status`: the running router in a few lines.
import { formatProblem } from '../../core/config/problem.ts';
import type { RouterSnapshot, UnitHealth } from '../../core/snapshot.ts';
import { type Run, table } from './console.ts';
import { show } from './routes.ts';
import { findRouter, likelyPort } from './running-router.ts';

export const status: Run<{ json: boolean }> = async (command, console) => {
  const router = await findRouter(command, console);
  if (router === undefined) {
    const port = await likelyPort(command, console);
    if (command.json) console.out(`${JSON.stringify({ running: false, ...(port && { port }) })}\n`);
    else
      console.out(
        `No router runs${port ? ` on port ${port}` : ''}. Start one: switchyard serve, or open VS Code.\n`,
      );
    return 3;
  }
  const { snapshot } = router;
  if (command.json) console.out(`${JSON.stringify({ running: true, ...snapshot })}\n`);
  else {
    console.out(describe(snapshot));
    show(snapshot.routes, false, console.out);
  }
  return 0;
};

const configWords: Record<RouterSnapshot['config']['state'], string> = {
  ok: 'in force',
  'last-good': 'has errors; the last good version is in force',
  none: 'does not exist; the built-in demo answers',
  broken: 'has errors; nothing is in force',
};

function describe(snapshot: RouterSnapshot): string {
  const { config } = snapshot;
  const health = snapshot.paused ? 'paused' : snapshot.health;
  const reason = snapshot.healthReason === undefined ? '' : `: ${snapshot.healthReason}`;
  const keys = snapshot.providers.flatMap((provider) =>
    provider.keys.map((key) => [
      provider.name,
      provider.dialect,
      provider.baseUrl,
      key.reference,
      provider.enabled ? words(key.health) : 'off',
    ]),
  );
  return [
    `Switchyard ${snapshot.version} at http://127.0.0.1:${snapshot.port} (process ${snapshot.pid}), ${health}${reason}\n`,
    `${config.file} ${configWords[config.state]}\n`,
    ...config.problems.map((problem) => `  ${problem.severity} ${formatProblem(problem)}\n`),
    '\n',
    table(keys),
    keys.length > 0 ? '\n' : '',
  ].join('');
}

function words({ state, until, reason }: UnitHealth): string {
  if (state === 'ok') return 'ok';
  const end = until === undefined ? '' : ` until ${new Date(until).toLocaleTimeString()}`;
  return `${state}${end}${reason === undefined ? '' : `: ${reason}`}`;
}
