// `switchyard use ROUTE=TARGET`: leads routes elsewhere, by an edit of the config file's own lines.
import type { ConfigEdit } from '../../core/config/edit/edit-data.ts';
import { editSources } from '../../core/config/edit/edit-sources.ts';
import { inheritEdit, profileEdit, routeEdit, routePath } from '../../core/config/edit/route-edits.ts';
import { loadConfig } from '../../core/config/load.ts';
import { formatProblem } from '../../core/config/problem.ts';
import type { RouteName } from '../../core/config/route-names.ts';
import { nodeAt, nodeToData } from '../../core/config/source-node.ts';
import { type ConfigReader, readSources } from '../../core/config/sources.ts';
import { editConfig } from '../config/edit-config.ts';
import { diskReader } from '../config/file-reader.ts';
import { CommandError, type Console, type Run } from './console.ts';
import { show, routes as showRoutes } from './routes.ts';
import { configFileInForce, findRouter, type RunningRouter } from './running-router.ts';

export const use: Run<{
  json: boolean;
  routes: { route: RouteName; target: string }[];
  profile?: string;
}> = async (command, console) => {
  const router = await findRouter(command, console);
  const file = configFileInForce(command, console, router);
  const { root } = await readSources(file, diskReader, console.env);
  // What takes the place of a route of the file is what has to change, or nothing would. A profile that is named in the
  // same breath is not in force yet.
  const profile = command.profile === undefined ? nodeToData(nodeAt(root, ['profile'])) : undefined;
  const edits = command.routes.map(({ route, target }) => {
    const own = typeof profile === 'string' && nodeAt(root, routePath(route, profile)) !== undefined;
    const place = own ? profile : undefined;
    if (place !== undefined) console.err(`${route} is changed in the profile ${place}.\n`);
    if (target === '') return inheritEdit(route, place);
    return routeEdit(route, target, nodeToData(nodeAt(root, routePath(route, place))), place);
  });
  if (command.profile !== undefined) edits.push(profileEdit(command.profile));
  await refuseMistakes(file, edits, console);
  await editConfig(file, edits);
  if (router?.snapshot.config.file !== file) {
    console.err(`${file} is changed.\n`);
    return showRoutes({ ...command, config: file }, console);
  }
  await confirm(router, file, command.json, console);
  return 0;
};

/** A name that means nothing must not get into the file: it would put the whole file out of force. */
async function refuseMistakes(file: string, edits: readonly ConfigEdit[], console: Console): Promise<void> {
  const changed = await editSources(file, edits, { reader: diskReader, env: console.env });
  const reader: ConfigReader = {
    ...diskReader,
    read: async (path) => changed.get(path)?.after ?? diskReader.read(path),
  };
  const { problems } = await loadConfig({ file, reader, env: console.env });
  const error = problems.find(({ severity }) => severity === 'error');
  if (error !== undefined) throw new CommandError(`Nothing was changed. ${formatProblem(error)}`);
}

async function confirm(router: RunningRouter, file: string, json: boolean, console: Console): Promise<void> {
  await router.call('reloadConfig', {});
  const { config, routes, routing } = await router.look();
  const profile = routing?.profile;
  if (config.state !== 'ok') console.err(`${file} is changed, but not in force: it has errors.\n`);
  else console.err(`In force now${profile === undefined ? '' : ` (profile ${profile})`}:\n`);
  show(routes, json, console.out);
}
