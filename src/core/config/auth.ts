// How a provider gets to know who calls: data, so that a new way is an entry here and a step before the call.

/** Ways that send the key as it is: `bearer` in `Authorization`, the others in the header of their name. */
export const keyHeaders = ['bearer', 'x-api-key', 'x-goog-api-key', 'api-key'] as const;
export type KeyHeader = (typeof keyHeaders)[number];

/**
 * Ways that need a step of their own before each call, and what works until there is one. The step belongs where keys are
 * read (`readKey` of the gateway) for tokens that are fetched, and behind the encoding for signatures over the body.
 */
const laterWays = {
  'google-adc':
    'use an API key of Vertex AI (keys: [env:GOOGLE_API_KEY], preset "vertex"), or for dialect openai-chat a token of "gcloud auth print-access-token" as key, which lasts an hour',
  'aws-sigv4':
    'use an Amazon Bedrock API key (keys: [env:AWS_BEARER_TOKEN_BEDROCK], preset "bedrock"), which is sent as bearer',
} as const;

export type AuthWay = KeyHeader | keyof typeof laterWays;
export const authWays = [...keyHeaders, ...(Object.keys(laterWays) as (keyof typeof laterWays)[])] as const;

/** Why this way can't be taken, with what to do; undefined when it can. */
export function authProblem(way: AuthWay | undefined): string | undefined {
  const instead = Object.entries(laterWays).find(([later]) => later === way)?.[1];
  return instead === undefined ? undefined : `"${way}" is not supported yet: ${instead}`;
}

const credentialHeaders = /^(?:(?:proxy-)?authorization|(?:x-(?:goog-)?)?api-key|x-litellm-api-key|cookie)$/i;

/** A header that carries a key: keys have a place of their own in the configuration. */
export function isCredentialHeader(name: string): boolean {
  return credentialHeaders.test(name);
}
