// One session that grows turn by turn: what a turn costs must follow its bytes (read, parse, write), not its tokens.
import { requestOf, toolTurn } from '../bodies.ts';
import type { Contender } from '../contender.ts';
import { cpuMicroseconds } from '../process-figures.ts';
import { median } from '../statistics.ts';

export interface SessionFigures {
  /** Microseconds of CPU a turn, by tenth of the session. */
  cpu: number[];
  /** Kilobytes of the request, by tenth of the session. */
  kilobytes: number[];
}

/** `turns` turns of about 4 kB each, in a session of its own. */
export async function growingSession(
  contender: Contender,
  turns: number,
  session: number,
): Promise<SessionFigures> {
  const messages: unknown[] = [{ role: 'user', content: 'Tidy up, please.' }];
  const cpu: number[] = [];
  const kilobytes: number[] = [];
  for (let turn = 0; turn < turns; turn++) {
    const request = requestOf(messages, session, false);
    const before = cpuMicroseconds(contender.pid ?? 0);
    await contender.send(request);
    cpu.push(cpuMicroseconds(contender.pid ?? 0) - before);
    kilobytes.push(request.body.length / 1024);
    messages.push(...toolTurn(turn, 3_600));
  }
  return { cpu: tenths(cpu), kilobytes: tenths(kilobytes) };
}

function tenths(values: readonly number[]): number[] {
  const size = Math.ceil(values.length / 10);
  return Array.from({ length: 10 }, (_, index) => median(values.slice(index * size, (index + 1) * size)));
}
