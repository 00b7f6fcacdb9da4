/** strftime(3) in UTC and the C locale, for `printf %(...)T` and the \D{...} of prompts. */
const days = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];
const months = 'January February March April May June July August September October November December'.split(' ');

export const strftime = (format: string, seconds: number): string => {
  const d = new Date(seconds * 1000);
  const two = (n: number) => String(n).padStart(2, '0');
  const year = d.getUTCFullYear();
  const dayOfYear = Math.floor((d.getTime() - Date.UTC(year, 0, 1)) / 86_400_000) + 1;
  const hour = d.getUTCHours();
  const parts: Record<string, () => string> = {
    Y: () => String(year),
    y: () => two(year % 100),
    C: () => two(Math.floor(year / 100)),
    m: () => two(d.getUTCMonth() + 1),
    d: () => two(d.getUTCDate()),
    e: () => String(d.getUTCDate()).padStart(2),
    H: () => two(hour),
    I: () => two(hour % 12 || 12),
    M: () => two(d.getUTCMinutes()),
    S: () => two(d.getUTCSeconds()),
    p: () => (hour < 12 ? 'AM' : 'PM'),
    j: () => String(dayOfYear).padStart(3, '0'),
    a: () => days[d.getUTCDay()]!.slice(0, 3),
    A: () => days[d.getUTCDay()]!,
    b: () => months[d.getUTCMonth()]!.slice(0, 3),
    h: () => months[d.getUTCMonth()]!.slice(0, 3),
    B: () => months[d.getUTCMonth()]!,
    u: () => String(d.getUTCDay() || 7),
    w: () => String(d.getUTCDay()),
    s: () => String(seconds),
    Z: () => 'UTC',
    z: () => '+0000',
    n: () => '\n',
    t: () => '\t',
    F: () => strftime('%Y-%m-%d', seconds),
    T: () => strftime('%H:%M:%S', seconds),
    X: () => strftime('%H:%M:%S', seconds),
    x: () => strftime('%m/%d/%y', seconds),
    D: () => strftime('%m/%d/%y', seconds),
    R: () => strftime('%H:%M', seconds),
    r: () => strftime('%I:%M:%S %p', seconds),
    c: () => strftime('%a %b %e %H:%M:%S %Y', seconds),
    '%': () => '%',
  };
  return format.replace(/%([a-zA-Z%])/g, (whole, letter: string) => parts[letter]?.() ?? whole);
};
