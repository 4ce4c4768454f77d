// Some providers repeat the key in their error. What they say is passed on, the key is not.
import type { Transport, UpstreamResponse } from '../core/gateway/transport.ts';
import type { Redactor } from '../core/redact.ts';

/** Bytes; a longer error body is passed on as it is, nobody shows it. */
const largestError = 1024 * 1024;

/** Hides known secrets in the headers and bodies of answers with an error status; all others are left alone. */
export function redactErrors(transport: Transport, redactor: Redactor): Transport {
  return {
    async send(request) {
      const response = await transport.send(request);
      if (response.status < 400) return response;
      return {
        status: response.status,
        headers: redactor.data(response.headers),
        body: redactBody(response.body, redactor),
      };
    },
  };
}

async function* redactBody(body: UpstreamResponse['body'], redactor: Redactor): AsyncGenerator<Uint8Array> {
  const held: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of body) {
    held.push(chunk);
    size += chunk.length;
    if (size <= largestError) continue;
    yield* held.splice(0);
  }
  const bytes = Buffer.concat(held);
  const text = bytes.toString();
  const clean = redactor.data(text);
  yield clean === text ? bytes : Buffer.from(clean);
}
