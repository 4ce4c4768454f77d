// What keeps clients from being served, as far as an editor can see it: one finding per thing, each with what mends it.
import { noProfile } from '../../core/config/router-config.ts';
import type { KeyView, ProviderView, RouterSnapshot } from '../../core/snapshot.ts';
import { attention } from '../present/status.ts';
import { t } from '../translate.ts';

export interface Remedy {
  label: string;
  /** A command of ours or of the editor. */
  command: string;
  argument?: unknown;
}

export interface Finding {
  /** ok: looked at and fine; warning: may hurt; error: does hurt. */
  level: 'ok' | 'warning' | 'error';
  /** What was looked at. */
  subject: string;
  /** A sentence or two. */
  message: string;
  remedy?: Remedy;
}

/** What the findings are drawn from. */
export interface Facts {
  snapshot: RouterSnapshot;
  secretsAvailable: boolean;
  hasKey(reference: string): boolean;
  /** The program whose file the config file is, if it is not our own. */
  foreignProgram: string | undefined;
  /** New terminals get our variables. */
  injects: boolean;
  /** How many open terminals have other variables than new ones would get. */
  staleTerminals: number;
  /** The profile that the window's setting names; '' for none. */
  windowProfile: string;
  /** The Claude Code program, and whether it is there. */
  claude: { program: string; found: boolean };
  claudeExtension: 'absent' | 'connected' | 'other';
  /** Settings files of Claude Code with names that lead it elsewhere. */
  redirects: { file: string; names: string[] }[];
  /** Files of ours that other users of the machine can read or write. */
  looseFiles: string[];
}

/** All findings, the worst first. */
export function findingsOf(facts: Facts): Finding[] {
  const all = [
    routerFinding(facts.snapshot),
    ...configFindings(facts),
    ...keyFindings(facts),
    ...requestFindings(facts.snapshot),
    ...terminalFindings(facts),
    ...claudeFindings(facts),
    ...fileFindings(facts),
  ];
  const order = { error: 0, warning: 1, ok: 2 };
  return all.toSorted((a, b) => order[a.level] - order[b.level]);
}

function routerFinding({ phase, downReason, takenPort, port, paused, version }: RouterSnapshot): Finding {
  const subject = t('Router');
  if (phase === 'down') {
    const remedy =
      takenPort === undefined
        ? { label: t('Restart Router'), command: 'switchyard.restartRouter' }
        : { label: t('Use Another Port…'), command: 'switchyard.useAnotherPort' };
    return { level: 'error', subject, message: downReason ?? t('The router is not running.'), remedy };
  }
  if (paused) {
    const remedy = { label: t('Resume Router'), command: 'switchyard.resumeRouter' };
    return { level: 'error', subject, message: t('The router is paused: clients get no answers.'), remedy };
  }
  const where = `127.0.0.1:${port ?? ''}`;
  const message =
    phase === 'following'
      ? t('Another window runs it at {0}; this one takes over when that closes.', where)
      : t('Version {0} answers at {1}.', version, where);
  return { level: 'ok', subject, message };
}

function configFindings({ snapshot, secretsAvailable, foreignProgram }: Facts): Finding[] {
  const { config, demo } = snapshot;
  const subject = t('Configuration');
  const open = { label: t('Open Config'), command: 'switchyard.openConfig' };
  const findings: Finding[] = [];
  const errors = attention(snapshot, true);
  if (errors !== undefined) findings.push({ level: 'error', subject, message: errors, remedy: open });
  for (const problem of config.problems.filter(({ severity }) => severity === 'warning')) {
    const path = problem.path === '' ? '' : `${problem.path}: `;
    const message = t('Line {0}: {1}', problem.line, path + problem.message);
    findings.push({ level: 'warning', subject, message, remedy: open });
  }
  if (demo) {
    const message = t('There is no provider yet: the built-in demo answers.');
    const remedy = { label: t('Add Provider…'), command: 'switchyard.addProvider' };
    findings.push({ level: 'warning', subject, message, remedy });
  } else if (findings.length === 0) {
    findings.push({ level: 'ok', subject, message: t('{0} has no problems.', config.file) });
  }
  if (foreignProgram !== undefined) {
    const message = t('It is a file of {0}: it runs as it is, and can’t be changed here.', foreignProgram);
    const remedy = { label: t('Import…'), command: 'switchyard.import' };
    findings.push({ level: 'ok', subject, message, remedy });
  }
  if (!secretsAvailable) {
    const message = t('The editor’s secret storage does not answer: keys kept there are not available.');
    const remedy = { label: t('Reload Window'), command: 'workbench.action.reloadWindow' };
    findings.push({ level: 'error', subject: t('Keys'), message, remedy });
  }
  return findings;
}

function keyFindings({ snapshot, hasKey }: Facts): Finding[] {
  const providers = snapshot.providers.filter((provider) => provider.enabled);
  const broken = providers.flatMap((provider) =>
    provider.keys
      .filter((key) => key.health.state === 'out')
      .map((key) => keyFinding(provider, key, hasKey(key.reference))),
  );
  const keys = providers.flatMap((provider) => provider.keys).length;
  if (broken.length > 0 || keys === 0) return broken;
  return [{ level: 'ok', subject: t('Keys'), message: t('No key is missing or refused.') }];
}

function keyFinding(provider: ProviderView, key: KeyView, present: boolean): Finding {
  const spare = provider.keys.some((other) => other !== key && other.health.state !== 'out');
  return {
    level: spare ? 'warning' : 'error',
    subject: t('Key {0} of {1}', key.name, provider.name),
    message: present ? (key.health.reason ?? t('refused')) : t('{0} is not set.', key.reference),
    remedy: {
      label: t('Set Key…'),
      command: 'switchyard.setKey',
      argument: { kind: 'key', provider: provider.name, key: key.name, reference: key.reference },
    },
  };
}

/** The last request says more than any check. */
function requestFindings({ exchanges }: RouterSnapshot): Finding[] {
  const last = exchanges.find((exchange) => exchange.status !== undefined);
  if (last?.status === undefined || last.status < 400) return [];
  const why = last.attempts.at(-1)?.error ?? last.reason;
  return [
    {
      level: 'warning',
      subject: t('Last request'),
      message: t('It was answered with status {0}: {1}', last.status, why),
      remedy: { label: t('Show Log'), command: 'switchyard.showLog' },
    },
  ];
}

function terminalFindings({ snapshot, injects, staleTerminals, windowProfile }: Facts): Finding[] {
  const subject = t('Terminals');
  const setting = (id: string) => ({
    label: t('Open Settings'),
    command: 'workbench.action.openSettings',
    argument: id,
  });
  const findings: Finding[] = [];
  if (!injects) {
    const message = t(
      'New terminals get no variables: a claude that is typed there does not use the router.',
    );
    findings.push({
      level: 'warning',
      subject,
      message,
      remedy: setting('switchyard.terminal.injectEnvironment'),
    });
  } else if (staleTerminals > 0) {
    const message =
      staleTerminals === 1
        ? t('1 open terminal has variables of before. Start claude in a new one.')
        : t('{0} open terminals have variables of before. Start claude in a new one.', staleTerminals);
    const remedy = { label: t('New Terminal'), command: 'workbench.action.terminal.new' };
    findings.push({ level: 'warning', subject, message, remedy });
  } else {
    findings.push({ level: 'ok', subject, message: t('All open terminals have the present variables.') });
  }
  const profiles = snapshot.routing?.profiles.map((profile) => profile.name) ?? [];
  if (windowProfile !== '' && windowProfile !== noProfile && !profiles.includes(windowProfile)) {
    const message = t(
      'The setting switchyard.profile names a profile that is not in the config file: {0}',
      windowProfile,
    );
    findings.push({
      level: 'warning',
      subject: t('Profile'),
      message,
      remedy: setting('switchyard.profile'),
    });
  }
  return findings;
}

function claudeFindings({ claude, claudeExtension, redirects }: Facts): Finding[] {
  const subject = t('Claude Code');
  const findings: Finding[] = redirects.map(({ file, names }) => ({
    level: 'warning',
    subject,
    message: t(
      '{0} sets {1}. That counts outside of the editor’s terminals, and in Claude Code’s own extension.',
      file,
      names.join(', '),
    ),
    remedy: {
      label: t('Remove Traces From Claude Code Settings…'),
      command: 'switchyard.removeClaudeTraces',
    },
  }));
  if (!claude.found) {
    const message = t('There is no program “{0}” on this machine.', claude.program);
    const remedy = { label: t('How to Install'), command: 'switchyard.openClaudeCode' };
    findings.push({ level: 'warning', subject, message, remedy });
  }
  if (findings.length === 0) {
    findings.push({
      level: 'ok',
      subject,
      message: t('No settings file of Claude Code leads it elsewhere.'),
    });
  }
  if (claudeExtension === 'absent') return findings;
  const connected = claudeExtension === 'connected';
  findings.push({
    level: 'ok',
    subject: t('Claude Code extension'),
    message: connected ? t('It uses the router.') : t('It does not use the router.'),
    ...(!connected && {
      remedy: {
        label: t('Connect Claude Code Extension…'),
        command: 'switchyard.connectClaudeExtension',
      },
    }),
  });
  return findings;
}

function fileFindings({ looseFiles }: Facts): Finding[] {
  return looseFiles.map((file) => ({
    level: 'error',
    subject: t('Files'),
    message: t('Other users of this machine have access to {0}. Take it away with chmod.', file),
  }));
}
