// Some providers repeat the key in their error. What they say is passed on, the key is not.
import type { Transport, UpstreamResponse } from '../core/gateway/transport.ts';
import type { Redactor } from '../core/redact.ts';

/** Bytes; nobody reads more of an error. */
const largestError = 1024 * 1024;

/** Hides known secrets in the headers of all answers and in the bodies of those with an error status. */
export function redactErrors(transport: Transport, redactor: Redactor): Transport {
  return {
    async send(request) {
      const response = await transport.send(request);
      const told = Object.values(response.headers).join('\n');
      const headers = redactor.data(told) === told ? response.headers : redactor.data(response.headers);
      if (response.status < 400) return { ...response, headers };
      return { status: response.status, headers, body: redactBody(response.body, redactor) };
    },
  };
}

async function* redactBody(body: UpstreamResponse['body'], redactor: Redactor): AsyncGenerator<Uint8Array> {
  const held: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of body) {
    held.push(chunk);
    size += chunk.length;
    if (size > largestError) break;
  }
  const bytes = Buffer.concat(held);
  const text = bytes.toString();
  const clean = redactor.data(text);
  yield clean === text ? bytes : Buffer.from(clean);
}
