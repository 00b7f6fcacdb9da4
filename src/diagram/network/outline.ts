import type { OutlineItem } from '../outline.ts';
import type { Member, NetworkPicture, Station } from './picture.ts';
import type { NetworkWords } from './words.ts';

/** The text twin: the host, its bridges and who is on them; then what the last command did, in sentences. */
export function networkOutline(picture: NetworkPicture, words: NetworkWords): OutlineItem {
  const leaf = (id: string, text: string): OutlineItem => ({ id, text, children: [] });
  const sockets = (station: Station): OutlineItem[] =>
    station.listening.map((one) =>
      leaf(`${station.id}:${one.protocol}:${one.address}:${one.port}`, words.listening(one)),
    );
  const links = ({ id, links }: Station): OutlineItem[] =>
    links.map((link) => leaf(`${id}:if:${link.name}`, `${link.name} ${link.addresses.join(' ')}`.trim()));
  const guests = ({ id, guests }: Station): OutlineItem[] =>
    guests.map((name) => leaf(`${id}:guest:${name}`, words.guest(name)));
  const whole = (station: Station, more: OutlineItem[] = []): OutlineItem => ({
    id: station.id,
    text: [words.station(station), station.resolver && words.resolver].filter(Boolean).join('; '),
    children: [...links(station), ...more, ...sockets(station), ...guests(station)],
  });
  const member = (bridge: string, { station, link, names, first }: Member): OutlineItem => {
    const named = names.map((name) => leaf(`${station.id}:name:${bridge}:${name}`, words.name(name)));
    if (first) return whole(station, named);
    const text = `${words.elsewhere(station.name)}: ${link.name} ${link.addresses.join(' ')}`;
    return { id: `${station.id}:at:${bridge}`, text, children: named };
  };
  const told = picture.stories.map((story) =>
    leaf(story.id, words.story(story) + (story.times > 1 ? ` (${words.times(story.times)})` : '')),
  );
  const { host } = picture;
  return {
    id: 'host',
    text: `${words.host}: ${words.hostNote}`,
    children: [
      ...links({ ...host, links: host.links.filter(({ kind, master }) => kind !== 'bridge' && !master) }),
      ...sockets(host),
      ...picture.published.map((rule) => leaf(`nat:${rule.protocol}:${rule.host}`, words.published(rule))),
      ...guests(host),
      ...picture.segments.map((segment) => ({
        id: `bridge:${segment.bridge}`,
        text: `${words.segment(segment)}; ${words.segmentNote(segment.network)}`,
        children: segment.members.map((one) => member(segment.bridge, one)),
      })),
      ...(picture.alone.length > 0
        ? [{ id: 'alone', text: words.alone, children: picture.alone.map((station) => whole(station)) }]
        : []),
      { id: 'stories', text: told.length > 0 ? words.stories : words.noStories, children: told },
    ],
  };
}
