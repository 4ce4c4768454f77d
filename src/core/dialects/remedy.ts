// What helps against a refusal: a change of what the converters know of their target, for the next request.

import type { Quirks } from './quirks.ts';
import type { TargetProfile } from './target-profile.ts';

/** Merged into the target's profile: refused fields are added, limits lowered, all else replaced. */
export type ProfileChange = Partial<Omit<TargetProfile, 'quirks'>> & { quirks?: Partial<Quirks> };

/**
 * How long a remedy holds once it helped: for every request to the model, for the conversation (what was refused
 * stands in its messages), or for the one request.
 */
export type RemedySpan = 'model' | 'conversation' | 'request';

export interface Remedy {
  /** What is done, in words; the same words mean the same remedy. */
  what: string;
  change: ProfileChange;
  span: RemedySpan;
}

/** The profile with all remedies in force. */
export function mendedProfile(profile: TargetProfile, remedies: readonly Remedy[]): TargetProfile {
  return remedies.reduce((mended, { change }) => changed(mended, change), profile);
}

function changed(profile: TargetProfile, { quirks, maxOutput, ...others }: ProfileChange): TargetProfile {
  const { refuses = [], ...otherQuirks } = quirks ?? {};
  const result: TargetProfile = {
    ...profile,
    ...others,
    quirks: {
      ...profile.quirks,
      ...otherQuirks,
      refuses: [...new Set([...profile.quirks.refuses, ...refuses])],
    },
    // Parameters of the configuration that the upstream refuses are refused like the client's.
    params: Object.fromEntries(Object.entries(profile.params).filter(([name]) => !refuses.includes(name))),
  };
  if (maxOutput !== undefined) result.maxOutput = Math.min(maxOutput, profile.maxOutput ?? maxOutput);
  return result;
}
