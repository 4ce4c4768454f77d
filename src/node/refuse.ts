// Refusals by the listener itself: answers that need no gateway, and the ways to give them on a socket in any state.
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { ClientError } from '../core/client-error.ts';
import type { DialectId } from '../core/dialects/dialect.ts';
import { errorAnswer } from '../core/http/error-answer.ts';

/** A client that is still sending gets this long, in milliseconds, to read its refusal. */
const lingerTime = 2000;
const lingerBytes = 64 * 1024 * 1024;

/** Answers with `error` in the client's dialect; reads a bounded rest of the body so that the answer gets through. */
export function refuse(
  request: IncomingMessage,
  response: ServerResponse,
  dialect: DialectId,
  error: ClientError,
): void {
  if (response.headersSent || response.destroyed) return;
  const answer = errorAnswer(dialect, error);
  const headers: Record<string, string> = {
    ...answer.headers,
    'content-length': String(Buffer.byteLength(answer.body)),
  };
  if (request.complete || !hasBody(request)) {
    response.writeHead(answer.status, headers).end(answer.body);
    return;
  }
  // Closing a socket with unread bytes resets it, and the client may lose the answer: linger.
  response.writeHead(answer.status, { ...headers, connection: 'close' }).write(answer.body);
  let rest = 0;
  const timer = setTimeout(finish, lingerTime);
  timer.unref();
  request.on('data', (chunk: Buffer) => {
    rest += chunk.length;
    if (rest > lingerBytes) finish();
  });
  request.once('end', finish).once('close', finish).once('error', finish).resume();
  function finish(): void {
    clearTimeout(timer);
    if (!response.writableEnded) response.end();
  }
}

/** Answers what could not be parsed as HTTP at all, and closes. */
export function refuseSocket(error: NodeJS.ErrnoException, socket: Duplex, answerStarted: boolean): void {
  if (error.code === 'ECONNRESET' || answerStarted || !socket.writable) {
    socket.destroy();
    return;
  }
  const { status, text, message } = explain(error.code ?? '');
  const type =
    status === 408 ? 'timeout_error' : status === 413 ? 'request_too_large' : 'invalid_request_error';
  const answer = errorAnswer('anthropic', new ClientError(status, type, message));
  const head = [
    `HTTP/1.1 ${status} ${text}`,
    'content-type: application/json',
    `content-length: ${Buffer.byteLength(answer.body)}`,
    'connection: close',
  ];
  socket.end(`${head.join('\r\n')}\r\n\r\n${answer.body}`);
}

function explain(code: string): { status: number; text: string; message: string } {
  if (code === 'HPE_HEADER_OVERFLOW')
    return {
      status: 431,
      text: 'Request Header Fields Too Large',
      message: 'The request headers are too large.',
    };
  if (code === 'HPE_CHUNK_EXTENSIONS_OVERFLOW')
    return { status: 413, text: 'Payload Too Large', message: 'The chunk extensions are too large.' };
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT')
    return { status: 408, text: 'Request Timeout', message: 'The request did not arrive in time.' };
  return {
    status: 400,
    text: 'Bad Request',
    message: `This is no valid HTTP request (${code || 'malformed'}).`,
  };
}

function hasBody(request: IncomingMessage): boolean {
  return (
    request.headers['transfer-encoding'] !== undefined || Number(request.headers['content-length'] ?? 0) > 0
  );
}
