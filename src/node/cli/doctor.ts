// `switchyard doctor`: what keeps clients from being served, each finding with its remedy.
import { loadConfig } from '../../core/config/load.ts';
import { diskReader } from '../config/file-reader.ts';
import type { Console, Run } from './console.ts';
import { checkClaudeSettings, checkEnvironment } from './doctor-claude.ts';
import { checkConfig, checkKeys, checkProviders } from './doctor-config.ts';
import { checkFiles, checkRouter } from './doctor-machine.ts';
import { configFileInForce, findRouter, type RunningRouter } from './running-router.ts';

export interface Finding {
  /** ok: looked at and fine; warning: may hurt; error: does hurt. */
  level: 'ok' | 'warning' | 'error';
  /** What was looked at. */
  subject: string;
  /** One sentence. */
  message: string;
  /** What to do; absent when all is well. */
  fix?: string;
}

/** What the checks look at. */
export interface Patient {
  console: Console;
  router: RunningRouter | undefined;
  configFile: string;
  loaded: Awaited<ReturnType<typeof loadConfig>>;
  /** The port that was asked for. */
  port?: number;
}

export const doctor: Run<{ json: boolean; probe: boolean }> = async (command, console) => {
  const router = await findRouter(command, console);
  const configFile = configFileInForce(command, console, router);
  const loaded = await loadConfig({ file: configFile, reader: diskReader, env: console.env });
  const patient: Patient = {
    console,
    router,
    configFile,
    loaded,
    ...(command.port !== undefined && { port: command.port }),
  };
  const checks = [checkRouter, checkConfig, checkKeys, checkFiles, checkClaudeSettings, checkEnvironment];
  const findings = (await Promise.all(checks.map((check) => check(patient)))).flat();
  if (command.probe) findings.push(...(await checkProviders(patient)));
  if (command.json) console.out(`${JSON.stringify(findings)}\n`);
  else console.out(findings.map(describe).join(''));
  return findings.some(({ level }) => level === 'error') ? 1 : 0;
};

const marks = { ok: 'ok     ', warning: 'warning', error: 'error  ' };

function describe({ level, subject, message, fix }: Finding): string {
  return `${marks[level]}  ${subject}: ${message}\n${fix === undefined ? '' : `         ${fix}\n`}`;
}
