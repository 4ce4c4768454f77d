// Who serves the port: the first program that binds it leads, other routers of the same user follow it.
import type { Log } from '../core/log.ts';
import { identify } from './control-client.ts';
import { firstPort, scanned } from './free-port.ts';
import type { Listener } from './listener.ts';
import { findPortOwner } from './port-owner.ts';
import { isCode } from './private-files.ts';

export type Claim =
  | { kind: 'leader'; port: number; listener: Listener }
  | { kind: 'follower'; port: number; pid: number; version: string }
  | { kind: 'blocked'; port: number; reason: string };

export interface ClaimOptions {
  /** The port that must be had; undefined: the first free one from `firstPort` up. 0: any. */
  port: number | undefined;
  /** The secret of the control API. */
  secret: string;
  /** Follow a router of the same user; without it such a router blocks the port like any other program. */
  mayFollow: boolean;
  /** A fresh one per try. */
  createListener(): Listener;
  log: Log;
}

/** Binds the port, or finds out who has it. Rejects only on trouble that has nothing to do with the port's holder. */
export async function claimPort(options: ClaimOptions): Promise<Claim> {
  if (options.port !== undefined) return claim(options.port, options);
  for (let port = firstPort; port < firstPort + scanned; port++) {
    const claimed = await claim(port, options, true);
    if (claimed.kind !== 'blocked') return claimed;
    options.log('info', `${claimed.reason} Trying the next port.`);
  }
  const reason = `No port from ${firstPort} to ${firstPort + scanned - 1} is free.`;
  return { kind: 'blocked', port: firstPort, reason };
}

async function claim(port: number, options: ClaimOptions, strict?: boolean): Promise<Claim> {
  const listener = options.createListener();
  try {
    return { kind: 'leader', port: await listener.listen(port, strict), listener };
  } catch (error) {
    if (isCode(error, 'EACCES'))
      return {
        kind: 'blocked',
        port,
        reason: `Port ${port} may not be used by this user; choose one above 1023.`,
      };
    if (!isCode(error, 'EADDRINUSE')) throw error;
  }
  const holder = await identify(port, options.secret);
  if (holder.kind === 'ours')
    return options.mayFollow
      ? { kind: 'follower', port, pid: holder.pid, version: holder.version }
      : {
          kind: 'blocked',
          port,
          reason: `Port ${port} is served by another Switchyard of yours (process ${holder.pid}).`,
        };
  if (holder.kind === 'stranger' && holder.product !== undefined)
    return {
      kind: 'blocked',
      port,
      reason: `Port ${port} is used by a Switchyard with another home folder (process ${holder.pid}).`,
    };
  const owner = findPortOwner(port);
  const by = owner ? `${owner.name} (process ${owner.pid})` : 'another program';
  const more = holder.kind === 'silent' ? ', which does not answer' : '';
  return { kind: 'blocked', port, reason: `Port ${port} is used by ${by}${more}.` };
}
