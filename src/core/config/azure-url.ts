// Addresses of Azure OpenAI and Foundry resources. One resource speaks several dialects, each at a path of its own, and
// the portal shows them in several forms (learn.microsoft.com/azure/foundry/openai/api-version-lifecycle).
import type { DialectId } from '../dialects/dialect.ts';

const hosts = /\.(?:openai|cognitiveservices|services\.ai)\.azure\.(?:com|us|cn)$/;
const deployment = /\/openai\/deployments\/[^/]+$/;
/** Dated versions, as the addresses before `/openai/v1` need them. */
const dated = /^\d{4}-/;

export function isAzure(host: string): boolean {
  return hosts.test(host);
}

/**
 * What the dialect's paths follow, for a path that names no version of its own; undefined = as it was written.
 * @param path without the endpoint
 * @param version the value of `api-version`, if there is one
 * Throws an `Error` with one sentence for people when a deployment comes without the version that it needs.
 */
export function azurePath(path: string, dialect: DialectId, version: string | undefined): string | undefined {
  // The address of a project is that of its resource, which is what keys are for.
  const place = path.replace(/^\/api\/projects\/[^/]+/, '').replace(/^\/openai$/, '');
  if (dialect === 'anthropic') return place === '' ? '/anthropic' : undefined;
  if (dialect === 'gemini') return undefined;
  // Responses are not below a deployment: the body names it.
  if (dialect === 'openai-responses') return '/openai/v1';
  if (deployment.test(place)) {
    if (version === undefined) throw new Error('needs "?api-version=…" behind the name of a deployment');
    return place;
  }
  if (place === '/models') return place;
  if (place !== '') return undefined;
  return version !== undefined && dated.test(version) ? '/openai/deployments/{model}' : '/openai/v1';
}
