// A number that may never be needed and takes long to work out, mostly from a whole conversation.

export interface LateCount {
  /** Worked out at the first call. After `letGo`, where it was not needed before: 0. */
  count(): number;
  /** It will not be needed any more: what it would be worked out from is not held any longer. */
  letGo(): void;
}

export function lateCount(work: () => number): LateCount {
  let source: (() => number) | undefined = work;
  let value = 0;
  return {
    count() {
      if (source) value = source();
      source = undefined;
      return value;
    },
    letGo() {
      source = undefined;
    },
  };
}
