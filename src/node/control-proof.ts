// How a window recognises the leader before it tells it anything: by a proof that only holders of the secret can give.
import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';

/** What `/_switchyard/hello` answers. */
export interface Hello {
  product: 'switchyard';
  version: string;
  pid: number;
  proof: string;
}

export function newNonce(): string {
  return randomBytes(32).toString('hex');
}

export function isNonce(text: string | null): text is string {
  return text !== null && /^[0-9a-f]{32,128}$/.test(text);
}

/** The port is part of the proof: another program cannot pass on the challenge to a router on another port. */
export function prove(secret: string, port: number, nonce: string): string {
  return createHmac('sha256', secret).update(`switchyard hello ${port} ${nonce}`).digest('hex');
}

export function isProof(proof: unknown, secret: string, port: number, nonce: string): boolean {
  const expected = Buffer.from(prove(secret, port, nonce));
  const given = Buffer.from(typeof proof === 'string' ? proof : '');
  return given.length === expected.length && timingSafeEqual(given, expected);
}
