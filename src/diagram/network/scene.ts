import { type BoxMark, type Mark, pillMarks, type Role, type Scene, type Tone, textMark } from '../scene.ts';
import { type Measure, textWidth } from '../text.ts';
import type { Member, NetworkPicture, Segment, Station } from './picture.ts';
import { type Place, route } from './route.ts';
import type { Story } from './stories.ts';
import type { NetworkWords } from './words.ts';

export interface NetworkOptions {
  width: number;
  words: NetworkWords;
  /** Id of the story that is told; default: all of them are drawn. */
  story?: string | undefined;
  /** Packets travel: it has just happened. */
  fresh?: boolean;
  measure?: Measure;
}

const pad = 12;
const gap = 12;
/** Room for the cables left of what they lead to. */
const gutter = 16;
const pillHeight = 20;
const pillRow = 25;
const narrowest = 215;
const barHeight = 44;
/** Between a bridge and its containers: where the cables part. */
const lane = 20;

interface Pill {
  id: string;
  text: string;
  label: string;
  role: Role;
  tone: Tone;
}

/**
 * The host as one box, its bridges as bars, under each the containers plugged into it; the host's own way to its bridges
 * and out is the trunk at the left.
 *
 *     [the internet]
 *     +-|- the host ---------------------+
 *     | | eth0 10.0.2.15/24  lo          |
 *     | | 0.0.0.0:8080 -> 172.17.0.2:80  |
 *     | +-[ bridge  docker0 172.17.0.1 ] |
 *     |      |  +- web ------+           |
 *     |      +--| eth0       |           |
 */
export function networkScene(picture: NetworkPicture, options: NetworkOptions): Scene {
  return new Drawing(picture, options).draw();
}

class Drawing {
  private readonly marks: Mark[] = [];
  private readonly measure: Measure;
  private readonly words: NetworkWords;
  private readonly width: number;
  /** Where interfaces are, as `inode/name`. */
  private readonly places = new Map<string, Place>();
  private readonly trunk = pad;
  private trunkEnd = 0;
  private hostY = 0;
  private readonly natY = new Map<string, number>();

  constructor(
    private readonly picture: NetworkPicture,
    private readonly options: NetworkOptions,
  ) {
    this.measure = options.measure ?? textWidth;
    this.words = options.words;
    this.width = options.width;
  }

  draw(): Scene {
    const top = this.internet();
    let y = this.hostPart(top);
    for (const segment of this.picture.segments) y = this.segment(segment, y + gap);
    if (this.picture.alone.length > 0) y = this.alone(y + gap);
    const { words, width, marks } = this;
    const height = y + pad;
    const label = `${words.host}: ${words.hostNote}`;
    const at = marks.findIndex(({ id }) => id === 'host:title');
    const host: BoxMark = { kind: 'box', id: 'host', role: 'kernel', x: 0, y: top, width, height: height - top, label };
    marks.splice(at, 0, { ...host, stop: true }, ...this.trunkMarks(top));
    this.drawStories();
    return { width, height, marks, label: words.picture };
  }

  private internet(): number {
    if (!this.picture.uplink) return 0;
    const { words } = this;
    const text = `${words.internet}: ${words.internetNote}`;
    const width = Math.min(this.width, this.measure(text, 12, 'words') + 2 * pad);
    this.box({ id: 'internet', role: 'panel', x: 0, y: 0, width, height: 28, label: text, stop: true });
    this.text('internet:title', pad, 8, text, { width: width - 2 * pad });
    return 28 + 18;
  }

  private trunkMarks(top: number): Mark[] {
    if (this.trunkEnd === 0) return [];
    const start = this.picture.uplink ? top - 18 : this.hostY;
    const points = [[this.trunk, start] as const, [this.trunk, this.trunkEnd] as const];
    return [{ kind: 'link', id: 'trunk', tone: 'kernel', points }];
  }

  private hostPart(top: number): number {
    const { picture, words, width } = this;
    const { host } = picture;
    const x = pad + gutter;
    const room = width - x - pad;
    this.text('host:title', x, top + 10, words.host, { size: 13.5, face: 'bold', tone: 'kernel', width: room });
    let y = top + 34;
    this.hostY = y + pillHeight / 2;
    // Ports of bridges are the far ends of the containers' cables, and bridges are bars.
    const own = host.links.filter(({ kind, master }) => kind !== 'bridge' && !master);
    y = this.flow([...own.map((link) => this.linkPill('host', link)), ...this.sockets(host)], x, y, room);
    for (const rule of picture.published) {
      const id = `nat:${rule.protocol}:${rule.host}`;
      const text = `${rule.host} → ${rule.to}${rule.name && ` ${rule.name}`}`;
      this.natY.set(rule.host, y + pillHeight / 2);
      y = this.flow([{ id, text, label: words.published(rule), role: 'registry', tone: 'registry' }], x, y, room);
    }
    y = this.flow([...host.guests.map((name) => this.guestPill('host', name)), ...this.flaws(host)], x, y, room);
    return y - (pillRow - pillHeight);
  }

  private segment(segment: Segment, y: number): number {
    const { words } = this;
    const id = `bridge:${segment.bridge}`;
    const x = pad + gutter;
    const width = this.width - x - pad;
    const label = `${words.segment(segment)}; ${words.segmentNote(segment.network)}`;
    this.box({ id, role: 'base', x, y, width, height: barHeight, label, stop: true });
    const title = segment.network?.name ?? segment.bridge;
    const room = width - 2 * pad;
    const mono = `${segment.bridge} ${segment.addresses.join(' ')}`;
    const titleWide = Math.min(room, this.measure(title, 12.5, 'bold'));
    const note = words.segmentNote(segment.network);
    this.text(`${id}:title`, x + pad, y + 7, title, { size: 12.5, face: 'bold', tone: 'slab', width: room });
    this.text(`${id}:note`, x + width - pad, y + 8, note, {
      size: 11,
      tone: 'slab',
      anchor: 'end',
      width: room - titleWide - 12,
    });
    this.text(`${id}:address`, x + pad, y + 25, mono, { size: 11, face: 'mono', tone: 'slab', width: room });
    this.trunkEnd = y + barHeight / 2;
    this.marks.push({
      kind: 'link',
      id: `${id}:trunk`,
      tone: 'kernel',
      points: [
        [this.trunk, this.trunkEnd],
        [x, this.trunkEnd],
      ],
    });
    const bottom = y + barHeight;
    this.places.set(`${this.picture.host.namespace}/${segment.bridge}`, { kind: 'bridge', lane: bottom + lane / 2 });
    if (segment.members.length === 0) return bottom;
    return this.grid(segment, bottom);
  }

  /** In columns; the cables of a column share the gutter at its left. */
  private grid(segment: Segment, bar: number): number {
    const start = pad + gutter;
    const width = this.width - start - pad;
    const count = Math.max(1, Math.min(segment.members.length, Math.floor((width + gap) / (narrowest + gap))));
    const each = (width - (count - 1) * gap) / count;
    let y = bar + lane;
    for (let first = 0; first < segment.members.length; first += count) {
      const bottoms = segment.members.slice(first, first + count).map((member, column) => {
        const left = start + column * (each + gap);
        const bottom = this.member(member, segment, left + gutter, y, each - gutter);
        const key = `${member.station.namespace}/${member.link.name}`;
        const at = this.places.get(key);
        if (at?.kind === 'interface') this.cable(key, { ...at, gutter: left + 5, lane: bar + lane / 2 }, bar);
        return bottom;
      });
      y = Math.max(...bottoms) + gap;
    }
    return y - gap;
  }

  private cable(key: string, at: Extract<Place, { kind: 'interface' }>, bar: number): void {
    this.places.set(key, at);
    const points = [[at.gutter, bar] as const, [at.gutter, at.y] as const, [at.x, at.y] as const];
    this.marks.push({ kind: 'link', id: `veth:${key}`, tone: 'kernel', points, label: 'veth' });
  }

  private member(member: Member, segment: Segment, x: number, y: number, width: number): number {
    const { station, link, names } = member;
    if (member.first) return this.station(station, { x, y, width, cable: link.name, names });
    const { words } = this;
    const id = `${station.id}:at:${segment.bridge}`;
    const at = this.marks.length;
    const title = words.elsewhere(station.name);
    this.text(`${id}:title`, x + pad, y + 9, title, { face: 'bold', width: width - 2 * pad, tone: 'kernel' });
    this.plug(station, link.name, x, y + 30);
    const pills = [this.linkPill(id, link), ...names.map((name) => this.namePill(id, name))];
    const bottom = this.flow(pills, x + pad, y + 30, width - 2 * pad) + 2;
    const label = `${title}: ${link.name} ${link.addresses.join(' ')}`;
    this.marks.splice(at, 0, { kind: 'box', id, role: 'shared', x, y, width, height: bottom - y, label });
    return bottom;
  }

  /** Where the cable comes in: the row of the interface. */
  private plug(station: Station, link: string, x: number, y: number): void {
    const at = { kind: 'interface' as const, x, y: y + pillHeight / 2, gutter: x, lane: y };
    this.places.set(`${station.namespace}/${link}`, at);
  }

  private station(
    station: Station,
    { x, y, width, cable, names }: { x: number; y: number; width: number; cable?: string; names: readonly string[] },
  ): number {
    const { words } = this;
    const at = this.marks.length;
    const room = width - 2 * pad;
    const tone = 'writable';
    const note = words.stationNote(station);
    const noteWide = note ? this.measure(note, 11, 'words') + 8 : 0;
    const name = station.name || `net:[${station.namespace}]`;
    this.text(`${station.id}:title`, x + pad, y + 9, name, { size: 13, face: 'bold', tone, width: room - noteWide });
    if (note) this.text(`${station.id}:note`, x + width - pad, y + 11, note, { size: 11, tone, anchor: 'end' });
    let row = y + 33;
    const links = [...station.links].sort((a, b) => Number(b.name === cable) - Number(a.name === cable));
    for (const link of links) {
      if (link.name === cable) this.plug(station, link.name, x, row);
      const named = link.name === cable ? names.map((one) => this.namePill(station.id, one)) : [];
      row = this.flow([this.linkPill(station.id, link), ...named], x + pad, row, room);
    }
    const rest = [
      ...this.sockets(station),
      ...station.guests.map((guest) => this.guestPill(station.id, guest)),
      ...this.flaws(station),
    ];
    const bottom = this.flow(rest, x + pad, row, room) + 3;
    const role: Role = station.kind === 'gone' ? 'stopped' : 'writable';
    const label = [words.station(station), ...station.links.map((l) => `${l.name} ${l.addresses.join(' ')}`)].join(
      '; ',
    );
    this.marks.splice(at, 0, {
      kind: 'box',
      id: station.id,
      role,
      x,
      y,
      width,
      height: bottom - y,
      label,
      stop: true,
    });
    return bottom;
  }

  private alone(y: number): number {
    const { words, picture } = this;
    const x = pad + gutter;
    this.text('alone:title', x, y, words.alone, { tone: 'kernel', face: 'bold', width: this.width - x - pad });
    const width = this.width - x - pad;
    const count = Math.max(1, Math.min(picture.alone.length, Math.floor((width + gap) / (narrowest + gap))));
    const each = (width - (count - 1) * gap) / count;
    let top = y + 20;
    for (let first = 0; first < picture.alone.length; first += count) {
      const bottoms = picture.alone
        .slice(first, first + count)
        .map((station, column) =>
          this.station(station, { x: x + column * (each + gap), y: top, width: each, names: [] }),
        );
      top = Math.max(...bottoms) + gap;
    }
    return top - gap;
  }

  private linkPill(id: string, link: Station['links'][number]): Pill {
    const text = `${link.name} ${link.addresses.join(' ') || '-'}`;
    const peer = link.peer ? `, veth to ${link.peer.link}` : '';
    return { id: `${id}:if:${link.name}`, text, label: `${text}${peer} ${link.mac}`, role: 'panel', tone: 'text' };
  }

  private namePill(id: string, name: string): Pill {
    return { id: `${id}:name:${name}`, text: name, label: this.words.name(name), role: 'pill', tone: 'pill' };
  }

  private guestPill(id: string, name: string): Pill {
    const label = this.words.guest(name);
    return { id: `${id}:guest:${name}`, text: label, label, role: 'writable', tone: 'writable' };
  }

  private sockets(station: Station): Pill[] {
    return station.listening.map((one) => ({
      id: `${station.id}:${one.protocol}:${one.address}:${one.port}`,
      text: this.words.listeningShort(one),
      label: this.words.listening(one),
      role: one.trap ? 'miss' : 'good',
      tone: one.trap ? 'miss' : 'good',
    }));
  }

  /** What failed at this station: where it was refused, or where it could not leave. */
  private flaws(station: Station): Pill[] {
    return this.picture.stories
      .filter((story) => !story.ok && (story.server ?? story.client) === station && this.told(story))
      .map((story) => ({
        id: `flaw:${story.id}`,
        text: `✕ ${this.words.flaw(story)}`,
        label: this.words.story(story),
        role: 'bad',
        tone: 'whiteout',
      }));
  }

  private told({ id }: Story): boolean {
    return this.options.story === undefined || this.options.story === id;
  }

  /** Pills from left to right, as many to a row as there is room for. Returns where the next row begins. */
  private flow(pills: readonly Pill[], x: number, y: number, width: number): number {
    let left = x;
    let top = y;
    for (const { id, text, label, role, tone } of pills) {
      const wide = Math.min(width, this.measure(text, 11, 'mono') + 16);
      if (left > x && left + wide > x + width) {
        left = x;
        top += pillRow;
      }
      const [box, words] = pillMarks(id, { x: left, y: top }, text, {
        role,
        tone,
        most: width,
        measure: this.measure,
      });
      const told = role === 'bad' && (this.options.fresh || this.options.story !== undefined);
      this.marks.push({ ...box, label, ...(told && { news: true }) }, words);
      left += box.width + 6;
    }
    return pills.length > 0 ? top + pillRow : y;
  }

  private drawStories(): void {
    const { picture, options } = this;
    const world = { places: this.places, trunk: this.trunk, hostY: this.hostY, natY: this.natY, out: 28 };
    for (const [index, story] of picture.stories.filter((one) => this.told(one)).entries()) {
      const points = route(story, picture, world);
      if (points.length < 2) continue;
      this.marks.push({
        kind: 'link',
        id: `path:${story.id}`,
        points,
        tone: story.ok ? 'good' : 'whiteout',
        bold: true,
        arrow: true,
        ...(!story.ok && { dashed: true }),
        ...(options.fresh && { travels: index }),
        label: this.words.story(story),
      });
    }
  }

  private box(mark: Omit<BoxMark, 'kind'>): void {
    this.marks.push({ kind: 'box', ...mark });
  }

  private text(...[id, x, y, text, options]: Parameters<typeof textMark>): void {
    this.marks.push(textMark(id, x, y, text, { ...options, measure: this.measure }));
  }
}
