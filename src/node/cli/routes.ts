// `switchyard routes`: which target serves which kind of request.
import { defaultTarget } from '../../core/config/default-target.ts';
import { loadConfig } from '../../core/config/load.ts';
import { routeNames } from '../../core/config/route-names.ts';
import type { RouterConfig } from '../../core/config/router-config.ts';
import { formatTarget } from '../../core/config/target.ts';
import { inForce } from '../../core/routing/profiles.ts';
import type { RouteView } from '../../core/snapshot.ts';
import { diskReader } from '../config/file-reader.ts';
import { CommandError, type Run, table } from './console.ts';
import { configFileInForce, findRouter } from './running-router.ts';

type Row = Pick<RouteView, 'name' | 'own'> &
  Partial<Pick<RouteView, 'target' | 'profile' | 'condition' | 'health'>>;

export const routes: Run<{ json: boolean }> = async (command, console) => {
  const router = await findRouter(command, console);
  const file = configFileInForce(command, console, router);
  const used = router?.snapshot.config.file;
  if (router !== undefined && used === file) {
    show(router.snapshot.routes, command.json, console.out);
    return 0;
  }
  const { config, exists } = await loadConfig({ file, reader: diskReader, env: console.env });
  if (config === undefined) throw new CommandError(`${file} has errors; see: switchyard check`);
  const running = used === undefined ? 'No router runs' : `The running router uses ${used}`;
  console.err(
    exists
      ? `${running}; this is what ${file} says.\n`
      : `${running}, and there is no ${file}; this is the built-in demo.\n`,
  );
  show(rowsOf(config), command.json, console.out);
  return 0;
};

/** Shown by `use` too. */
export function show(rows: readonly Row[], json: boolean, out: (text: string) => void): void {
  if (json) out(`${JSON.stringify(rows)}\n`);
  else out(table(rows.map(cells)));
}

function cells({ name, own, target, profile, condition, health }: Row): string[] {
  const where =
    target === undefined ? '(nothing)' : own || name === 'default' ? target : `= default (${target})`;
  const why = [condition, profile && `profile ${profile}`].filter(Boolean).join(', ');
  return [name, where, why, health === undefined || health === 'ok' ? '' : health];
}

function rowsOf(file: RouterConfig): Row[] {
  const { config, profile } = inForce(file, undefined, undefined);
  const fallback = defaultTarget(config);
  return routeNames.map((name) => {
    const target = config.routes[name]?.target ?? fallback;
    return {
      name,
      own: config.routes[name] !== undefined,
      ...(target !== undefined && { target: formatTarget(target) }),
      ...(profile?.routes[name] && { profile: profile.name }),
    };
  });
}
