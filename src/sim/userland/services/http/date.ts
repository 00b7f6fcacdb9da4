/** Times as servers write them. UTC throughout, as containers are. */
import type { Timespec } from '../../../../spec/index.ts';

const days = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];
const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const two = (value: number): string => String(value).padStart(2, '0');

const parts = ({ sec }: Timespec) => {
  const date = new Date(sec * 1000);
  const clock = [date.getUTCHours(), date.getUTCMinutes(), date.getUTCSeconds()].map(two).join(':');
  return { date, clock, day: two(date.getUTCDate()), month: months[date.getUTCMonth()]!, year: date.getUTCFullYear() };
};

/** IMF-fixdate (RFC 9110): `Tue, 01 Jul 2025 09:00:00 GMT`. */
export function httpDate(time: Timespec): string {
  const { date, clock, day, month, year } = parts(time);
  return `${days[date.getUTCDay()]}, ${day} ${month} ${year} ${clock} GMT`;
}

/** Common log format: `01/Jul/2025:09:00:00 +0000`. */
export function logDate(time: Timespec): string {
  const { clock, day, month, year } = parts(time);
  return `${day}/${month}/${year}:${clock} +0000`;
}

/** nginx's error log: `2025/07/01 09:00:00`. */
export function slashDate(time: Timespec): string {
  const { date, clock, day, year } = parts(time);
  return `${year}/${two(date.getUTCMonth() + 1)}/${day} ${clock}`;
}

/** Apache's error log: `Tue Jul 01 09:00:00.000000 2025`. */
export function apacheDate(time: Timespec): string {
  const { date, clock, day, month, year } = parts(time);
  const micro = String(Math.floor(time.nsec / 1000)).padStart(6, '0');
  return `${days[date.getUTCDay()]} ${month} ${day} ${clock}.${micro} ${year}`;
}

/** Directory listings: `01-Jul-2025 09:00`. */
export function listingDate(time: Timespec): string {
  const { clock, day, month, year } = parts(time);
  return `${day}-${month}-${year} ${clock.slice(0, 5)}`;
}
