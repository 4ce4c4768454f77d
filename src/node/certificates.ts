// The machine's own certificate authorities beside Node's: company proxies are trusted through them.
import * as tls from 'node:tls';
import type { Log } from '../core/log.ts';

/**
 * One TLS context for all calls; parsing the certificates again for each connection would cost milliseconds.
 * Where Node cannot read the system's store yet, its built-in list (and NODE_EXTRA_CA_CERTS) has to do.
 */
export function loadCertificates(log: Log): tls.SecureContext {
  try {
    const { getCACertificates } = tls;
    if (typeof getCACertificates === 'function') {
      const trusted = new Set([...getCACertificates('default'), ...getCACertificates('system')]);
      return tls.createSecureContext({ ca: [...trusted] });
    }
    log(
      'info',
      'This Node cannot read the system certificates; set NODE_EXTRA_CA_CERTS for a company proxy.',
    );
  } catch (error) {
    log('warn', `The system certificates could not be read (${String(error)}).`);
  }
  return tls.createSecureContext();
}
