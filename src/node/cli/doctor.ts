// `switchyard doctor`: what keeps clients from being served, each finding with its remedy.
import { loadConfig } from '../../core/config/load.ts';
import { diskReader } from '../config/file-reader.ts';
import type { Run } from './console.ts';
import { checkClaudeSettings, checkEnvironment } from './doctor-claude.ts';
import { checkConfig, checkKeys, checkProviders } from './doctor-config.ts';
import { checkFiles, checkRouter } from './doctor-machine.ts';
import type { Finding, Patient } from './finding.ts';
import { configFileInForce, findRouter } from './running-router.ts';

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
