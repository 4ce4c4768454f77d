// An upstream that plays recorded answers, and a router in front of it that knows one provider per case.
import type { ServerResponse } from 'node:http';
import type { TestContext } from 'node:test';
import { type Recording, recordedBytes } from './recordings.ts';
import { serveForTest, startTestRouter, type TestRouter } from './router-harness.ts';

/** The model's name is `<id of the case>/recorded`. @param size of the pieces in which streams come, in bytes */
export async function replayRouter(
  t: TestContext,
  cases: readonly Recording[],
  size = 400,
): Promise<TestRouter> {
  return routerBefore(t, await replay(t, cases, size), cases);
}

/** The same router before an upstream that `replay` started. */
export function routerBefore(t: TestContext, url: string, cases: readonly Recording[]): Promise<TestRouter> {
  return startTestRouter(t, { config: config(url, cases), secrets: { k: 'key' } });
}

/** Streams up to this many bytes are written byte by byte. */
const shortStream = 1000;

/** Plays each case below `/c/<id>/`, streams in small pieces. Resolves to the upstream's address. */
export async function replay(t: TestContext, cases: readonly Recording[], size = 400): Promise<string> {
  const byId = new Map(cases.map((recording) => [recording.id, recording]));
  return serveForTest(t, (request, response) => {
    const recording = byId.get(decodeURIComponent(request.url?.split('/')[2] ?? ''));
    request.resume().on('end', () => {
      if (recording) void play(recording, response, size);
      else response.writeHead(404).end();
    });
  });
}

async function play(recording: Recording, response: ServerResponse, size: number): Promise<void> {
  const bytes = recordedBytes(recording);
  response.writeHead(recording.status, { ...recording.headers, 'content-type': recording.content_type });
  const piece = !recording.stream ? bytes.length : bytes.length <= shortStream ? 1 : size;
  for (let at = 0; at < bytes.length; at += piece) {
    response.write(bytes.subarray(at, at + piece));
    await new Promise((resolve) => setImmediate(resolve));
  }
  if ('truncated' in recording.expect) response.destroy();
  else response.end();
}

const versions = { anthropic: '', 'openai-chat': '/v1', 'openai-responses': '/v1', gemini: '/v1beta' };

function config(url: string, cases: readonly Recording[]): string {
  const providers = cases.map(({ id, dialect }) => {
    const base = `${url}/c/${encodeURIComponent(id)}${versions[dialect]}`;
    return `  ${id}: { dialect: ${dialect}, base_url: "${base}", keys: [secret:k], models: [recorded] }\n`;
  });
  return `providers:\n${providers.join('')}resilience: { retries: 0, max_wait: 0 }\n`;
}
