/** A moment: seconds since the epoch (may be negative) and nanoseconds 0..999,999,999. As `struct timespec`. */
export interface Timespec {
  readonly sec: number;
  readonly nsec: number;
}

export const epoch: Timespec = { sec: 0, nsec: 0 };

export const timespecFromMs = (ms: number): Timespec => {
  const sec = Math.floor(ms / 1000);
  return { sec, nsec: Math.round((ms - sec * 1000) * 1e6) % 1_000_000_000 };
};

export const msFromTimespec = (time: Timespec): number => time.sec * 1000 + time.nsec / 1e6;

export const compareTime = (a: Timespec, b: Timespec): number => a.sec - b.sec || a.nsec - b.nsec;

/** Go's time.RFC3339Nano in UTC: trailing zeros of the fraction cut, no fraction when it is zero. */
export function rfc3339Nano(time: Timespec): string {
  const date = new Date(time.sec * 1000).toISOString().slice(0, 19);
  const fraction = time.nsec ? `.${String(time.nsec).padStart(9, '0').replace(/0+$/, '')}` : '';
  return `${date}${fraction}Z`;
}

/** Inverse of {@link rfc3339Nano}; accepts any offset. Undefined when the text is not RFC 3339. */
export function parseRfc3339(text: string): Timespec | undefined {
  const match = /^(\d{4}-\d\d-\d\d)[Tt ](\d\d:\d\d:\d\d)(?:\.(\d{1,9})\d*)?([Zz]|[+-]\d\d:\d\d)$/.exec(text);
  if (!match) return undefined;
  const ms = Date.parse(`${match[1]}T${match[2]}${match[4]!.toUpperCase()}`);
  if (Number.isNaN(ms)) return undefined;
  return { sec: ms / 1000, nsec: Number((match[3] ?? '').padEnd(9, '0')) };
}
