// The version of this program: written into the bundles, read from the manifest when the sources run directly.
import manifest from '../../package.json' with { type: 'json' };

declare const SWITCHYARD_VERSION: string | undefined;

export const version: string = typeof SWITCHYARD_VERSION === 'string' ? SWITCHYARD_VERSION : manifest.version;
