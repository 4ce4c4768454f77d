// One transport for the gateway: the built-in demo in process, everything else over the network.
import type { Transport } from '../core/gateway/transport.ts';

/** Sends calls to `demo:` URLs to `demo`, all others to `network`. */
export function joinTransports(network: Transport, demo: Transport): Transport {
  return {
    send(request) {
      return request.url.startsWith('demo:') ? demo.send(request) : network.send(request);
    },
  };
}
