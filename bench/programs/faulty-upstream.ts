// The bench's provider with all the faults that providers have, by seeded chance. `node faulty-upstream.ts SEED`
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { seeded } from '../../test/tools/seeded.ts';
import { answersOf, type BenchDialect, benchDialects, type CannedAnswer } from '../answers.ts';
import { listen } from './listen.ts';

const random = seeded(Number(process.argv[2] ?? 1));
const answers = Object.fromEntries(benchDialects.map((dialect) => [dialect, answersOf(dialect)])) as Record<
  BenchDialect,
  CannedAnswer
>;

type Fault = (request: IncomingMessage, response: ServerResponse, frames: readonly Buffer[]) => void;

const status =
  (code: number, headers: Record<string, string> = {}): Fault =>
  (_, response) => {
    response.writeHead(code, { 'content-type': 'application/json', ...headers });
    response.end(JSON.stringify({ error: { type: 'api_error', message: `fault ${code}` } }));
  };

/** Each is as likely as the others. */
const faults: Readonly<Record<string, Fault>> = {
  busy: status(529),
  broken: status(500),
  limited: status(429, { 'retry-after': '1' }),
  reset: (request) => request.socket.destroy(),
  page(_, response) {
    response.writeHead(200, { 'content-type': 'text/html' });
    response.end('<html><body>maintenance</body></html>');
  },
  empty(_, response) {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.end();
  },
  errorInside(_, response) {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.end(
      'event: error\ndata: {"type":"error","error":{"type":"overloaded_error","message":"Overloaded"}}\n\n',
    );
  },
  cut(_, response, frames) {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    for (const frame of frames.slice(0, 12)) response.write(frame);
    setTimeout(() => response.socket?.destroy(), 5);
  },
  garbage(_, response) {
    response.writeHead(200, { 'content-type': 'application/json' });
    response.end(Buffer.from([0x7b, 0xff, 0xfe, 0x00, 0x22]));
  },
};
const faultList = Object.values(faults);

function dialectOf(path: string): BenchDialect {
  if (path.includes('/chat/completions')) return 'openai-chat';
  if (path.includes('/responses')) return 'openai-responses';
  return path.includes('enerateContent') ? 'gemini' : 'anthropic';
}

function serve(request: IncomingMessage, response: ServerResponse, body: Buffer): void {
  const path = request.url ?? '';
  const { whole, frames } = answers[dialectOf(path)];
  // One provider (`/steady/`) never fails, so that each exchange can be served.
  if (!path.includes('/steady/') && random(100) < 30) {
    const fault = faultList[random(faultList.length)];
    fault?.(request, response, frames);
    return;
  }
  if (!path.includes('streamGenerateContent') && !body.includes('"stream":true')) {
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': whole.length });
    response.end(whole);
    return;
  }
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  let next = 0;
  const timer = setInterval(() => {
    for (let burst = 0; burst < 4 && next < frames.length; burst++) response.write(frames[next++] ?? '');
    if (next < frames.length) return;
    clearInterval(timer);
    response.end();
  }, 1);
  response.on('close', () => clearInterval(timer));
}

listen(
  createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('error', () => {});
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => serve(request, response, Buffer.concat(chunks)));
  }),
);
