import type { EventMessage } from '../../../spec/index.ts';
import { flag } from '../../flag/index.ts';
import { inspectFormatHelp } from '../../format/index.ts';
import { ExecuteError, fromPlain, Struct, Template, type Value } from '../../template/index.ts';
import { type Command, StatusError } from '../command.ts';
import { filterQuery } from '../filters.ts';
import { untilAborted } from '../until-aborted.ts';
import { eventTime } from './event-time.ts';

export const events: Command = {
  name: 'events',
  use: '[OPTIONS]',
  short: 'Get real time events from the server',
  aliasText: 'docker system events, docker events',
  flags: [
    flag('filter', 'f', 'filter', 'Filter output based on conditions provided'),
    flag('format', '', 'string', inspectFormatHelp),
    flag('since', '', 'string', 'Show all events created since timestamp'),
    flag('until', '', 'string', 'Stream events until this timestamp'),
  ],
  args: { exact: 0 },
  async run(cli, flags) {
    const format = flags.string('format');
    const template = format ? eventTemplate(format === 'json' ? '{{json .}}' : format) : undefined;
    const query = {
      since: eventTime(cli, flags.string('since')),
      until: eventTime(cli, flags.string('until')),
      filters: filterQuery(flags.list('filter')),
    };
    const stop = new AbortController();
    let status = 0;
    const release = cli.host.onSignal((signal) => {
      status = signal === 'SIGTERM' ? 143 : 130;
      stop.abort();
    });
    try {
      const events = cli.client.values<EventMessage>('GET', '/events', { query, signal: stop.signal });
      for await (const event of untilAborted(events, stop.signal)) {
        await cli.println(
          template
            ? executed(template, event)
            : eventText(event, cli.host.timezone({ sec: event.time, nsec: 0 }).offset),
        );
      }
    } catch (error) {
      if (!stop.signal.aborted) throw error;
    } finally {
      release();
    }
    return status;
  },
};

const cannotFormat = (error: unknown): StatusError =>
  new StatusError(64, `Error parsing format: ${(error as Error).message}`);

function eventTemplate(format: string): Template {
  try {
    return new Template(format);
  } catch (error) {
    throw cannotFormat(error);
  }
}

function executed(template: Template, event: EventMessage): string {
  try {
    return template.execute(eventValue(event));
  } catch (error) {
    throw error instanceof ExecuteError ? cannotFormat(error) : error;
  }
}

/** events.Message, fields in the order of its JSON form. */
function eventValue(event: EventMessage): Struct {
  const actor = new Struct(
    'events.Actor',
    new Map([
      ['ID', event.Actor.ID],
      ['Attributes', fromPlain(event.Actor.Attributes ?? {})],
    ]),
  );
  const fields: [name: string, key: string, omitEmpty: boolean, value: Value][] = [
    ['Status', 'status', true, event.status ?? ''],
    ['ID', 'id', true, event.id ?? ''],
    ['From', 'from', true, event.from ?? ''],
    ['Type', 'Type', false, event.Type],
    ['Action', 'Action', false, event.Action],
    ['Actor', 'Actor', false, actor],
    ['Scope', 'scope', true, event.scope ?? ''],
    ['Time', 'time', true, event.time],
    ['TimeNano', 'timeNano', true, event.timeNano ?? 0],
  ];
  return new Struct(
    '*events.Message',
    new Map(fields.map(([name, , , value]) => [name, value])),
    new Map(),
    new Map(fields.map(([name, key, omitEmpty]) => [name, [key, omitEmpty]])),
  );
}

function eventText(event: EventMessage, offset: number): string {
  const nano = BigInt(event.timeNano ?? 0);
  const local = new Date((event.time + offset * 60) * 1000).toISOString().slice(0, 19);
  const zone =
    offset === 0
      ? 'Z'
      : `${offset < 0 ? '-' : '+'}${String(Math.trunc(Math.abs(offset) / 60)).padStart(2, '0')}:${String(Math.abs(offset) % 60).padStart(2, '0')}`;
  const attributes = Object.keys(event.Actor.Attributes ?? {})
    .sort()
    .map((key) => `${key}=${event.Actor.Attributes[key]}`);
  return `${local}.${String(nano % 1_000_000_000n).padStart(9, '0')}${zone} ${event.Type} ${event.Action} ${event.Actor.ID}${attributes.length ? ` (${attributes.join(', ')})` : ''}`;
}
