// The doctor looks at the configuration, its keys and, when asked, its providers.
import { formatProblem } from '../../core/config/problem.ts';
import { secretVariable } from '../secret-box.ts';
import type { Finding, Patient } from './finding.ts';

export function checkConfig({ configFile, loaded }: Patient): Finding[] {
  const subject = 'configuration';
  if (!loaded.exists)
    return [
      {
        level: 'warning',
        subject,
        message: `there is no ${configFile}; the built-in demo answers`,
        fix: 'Add a provider in the editor (Switchyard: Add Provider…), or run: switchyard import FILE --write',
      },
    ];
  if (loaded.problems.length === 0)
    return [{ level: 'ok', subject, message: `${configFile} has no problems` }];
  return loaded.problems.map(
    (problem): Finding => ({
      level: problem.severity,
      subject,
      message: formatProblem(problem),
      fix: `Edit ${problem.file}, line ${problem.line}.`,
    }),
  );
}

/** The running router knows; otherwise what this shell would give it. */
export function checkKeys({ console, loaded, router }: Patient): Finding[] {
  if (router !== undefined)
    return router.snapshot.providers.flatMap((provider) =>
      provider.keys.flatMap((key): Finding[] =>
        !provider.enabled || key.health.state !== 'out'
          ? []
          : [
              {
                level: 'error',
                subject: `key ${key.reference} of ${provider.name}`,
                message: key.health.reason ?? 'is out of use',
                fix: remedy(key.reference),
              },
            ],
      ),
    );
  return [...(loaded.config?.providers.values() ?? [])].flatMap((provider) =>
    provider.keys.flatMap(({ reference }): Finding[] => {
      const variable = variableOf(reference);
      if (!provider.enabled || variable === undefined) return [];
      if (loaded.fileKeys.has(reference) || console.env[variable]?.trim()) return [];
      // The editor may keep it all the same.
      const level = reference.startsWith('secret:') ? 'warning' : 'error';
      const subject = `key ${reference} of ${provider.name}`;
      return [
        {
          level,
          subject,
          message: `the variable ${variable} is not set in this shell`,
          fix: remedy(reference),
        },
      ];
    }),
  );
}

function variableOf(reference: string): string | undefined {
  const [kind = '', ...rest] = reference.split(':');
  const name = rest.join(':');
  if (kind === 'env') return name;
  return kind === 'secret' ? secretVariable(name) : undefined;
}

function remedy(reference: string): string {
  const variable = variableOf(reference);
  if (reference.startsWith('env:'))
    return `Set the environment variable ${variable} where the router starts.`;
  if (variable === undefined) return 'Correct the key in its file.';
  return `Set the key in the editor (Switchyard: Set Key…), or ${variable} where "switchyard serve" starts.`;
}

/** One tiny request with each key of each provider that is switched on. */
export async function checkProviders({ router }: Patient): Promise<Finding[]> {
  if (router === undefined)
    return [
      {
        level: 'warning',
        subject: 'providers',
        message: 'were not tried, because no router runs',
        fix: 'Start one (switchyard serve, or the editor) and ask again.',
      },
    ];
  const providers = router.snapshot.providers.filter(({ enabled }) => enabled);
  const results = await Promise.all(
    providers.map(async ({ name }): Promise<Finding[]> => {
      try {
        const keys = await router.call('testConfigured', { provider: name });
        return keys.map(({ key, ok, milliseconds, message }): Finding => {
          const subject = `provider ${name}, key ${key}`;
          if (ok) return { level: 'ok', subject, message: `answers after ${milliseconds} ms` };
          return {
            level: 'error',
            subject,
            message,
            fix: 'Look at its address, key and models in the configuration.',
          };
        });
      } catch (error) {
        const message = error instanceof Error ? error.message : String(error);
        return [
          {
            level: 'error',
            subject: `provider ${name}`,
            message,
            fix: 'List a model of it in the configuration.',
          },
        ];
      }
    }),
  );
  return results.flat();
}
