// A provider that costs next to nothing: reads the request, answers a constant. Speaks the four dialects, told apart by
// the path. A stream's frames are written one by one, a millisecond apart, or as many as were last told by `PUT /gap/N`, which
// also closes the connections that wait for a request.
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { answersOf, type BenchDialect, benchDialects, type CannedAnswer } from '../answers.ts';
import { listen } from './listen.ts';

const answers = Object.fromEntries(benchDialects.map((dialect) => [dialect, answersOf(dialect)])) as Record<
  BenchDialect,
  CannedAnswer
>;

/** Milliseconds between two frames. */
let gap = 1;

function dialectOf(path: string): BenchDialect {
  if (path.includes('/chat/completions')) return 'openai-chat';
  if (path.includes('/responses')) return 'openai-responses';
  return path.includes('enerateContent') ? 'gemini' : 'anthropic';
}

function wantsStream(path: string, body: Buffer): boolean {
  return path.includes('streamGenerateContent') || body.includes('"stream":true');
}

function answer(request: IncomingMessage, response: ServerResponse, body: Buffer): void {
  const path = request.url ?? '';
  const told = /^\/gap\/(\d+)$/.exec(path)?.[1];
  if (told !== undefined) {
    gap = Number(told);
    response.end();
    server.closeIdleConnections();
    return;
  }
  const { whole, frames } = answers[dialectOf(path)];
  if (!wantsStream(path, body)) {
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': whole.length });
    response.end(whole);
    return;
  }
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  const left = frames.values();
  const timer = setInterval(() => {
    const next = left.next();
    if (next.done) {
      clearInterval(timer);
      response.end();
    } else response.write(next.value);
  }, gap);
  response.on('close', () => clearInterval(timer));
}

const server = createServer((request, response) => {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => answer(request, response, Buffer.concat(chunks)));
});
listen(server);
