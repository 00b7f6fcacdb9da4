import type { HealthcheckInstruction } from '../../dockerfile/index.ts';
import { goDuration, goList, goQuote } from '../../spec/index.ts';
import type { Dispatcher } from './effect.ts';

/** `HEALTHCHECK [--interval --timeout --start-period --retries] CMD <command>`, `HEALTHCHECK NONE` */
export const healthcheck: Dispatcher<HealthcheckInstruction> = ({ config, form }, { health }) => {
  const old = config.Healthcheck?.Test ?? [];
  const notes = old.length > 0 && old[0] !== 'NONE' ? [`Note: overriding previous HEALTHCHECK: ${goList(old)}\n`] : [];
  const spans = [health.Interval, health.Timeout, health.StartPeriod].map((span) => goDuration(span ?? 0));
  const comment =
    form === 'classic'
      ? `&{${goList(health.Test ?? [], true)} ${spans.map(goQuote).join(' ')} ${quoteRune(health.Retries ?? 0)}}`
      : `{Test:${goList(health.Test ?? [])} Interval:${spans[0]} Timeout:${spans[1]} StartPeriod:${spans[2]} ` +
        `StartInterval:${goDuration(health.StartInterval ?? 0)} Retries:${health.Retries ?? 0}}`;
  // What it leaves unset stays as the image before has it (moby daemon/commit.go merge).
  const { Test: _test, ...before } = config.Healthcheck ?? {};
  const merged = form === 'classic' ? { ...before, ...health } : health;
  return { config: { ...config, Healthcheck: merged }, comment: `HEALTHCHECK ${comment}`, notes };
};

/** Go's %q of a number: the character of that code. */
function quoteRune(code: number): string {
  if (code === 0x27) return "'\\''";
  const body = goQuote(String.fromCodePoint(code <= 0x10ffff ? code : 0xfffd)).slice(1, -1);
  return `'${body === '\\"' ? '"' : body}'`;
}
