import type { Inspection } from '../../trace/index.ts';
import type { OutlineItem } from '../outline.ts';
import { groupName, type NamespaceGroup, namespaceGroups } from './groups.ts';
import type { ProcessWords } from './words.ts';

/** The text twin: the same boxes in boxes, in words. */
export function processesOutline(inspection: Inspection, words: ProcessWords): OutlineItem {
  const [host, ...rest] = namespaceGroups(inspection);
  const processes = (group: NamespaceGroup): OutlineItem[] =>
    group.processes.map((process) => ({ id: `p${process.pid}`, text: words.process(process), children: [] }));
  const inside = (group: NamespaceGroup): OutlineItem[] => [
    ...group.namespaces.map((view) => ({
      id: `${group.id}:ns:${view.kind}`,
      text: words.namespace(view),
      children: [],
    })),
    ...(group.cgroup ? [limits(group)] : []),
    ...processes(group),
  ];
  const limits = ({ id, cgroup }: NamespaceGroup): OutlineItem => ({
    id: `${id}:cgroup`,
    text: [
      `cgroup ${cgroup!.path}`,
      words.memory(cgroup!.memory.current, cgroup!.memory.max),
      words.tasks(cgroup!.pids.current, cgroup!.pids.max),
      words.cpu(cgroup!.cpu.usage, cgroup!.cpu.max),
      cgroup!.frozen && words.frozen,
      cgroup!.oomKills > 0 && words.oom(cgroup!.oomKills),
    ]
      .filter(Boolean)
      .join('; '),
    children: [],
  });
  return {
    id: 'host',
    text: `${words.host}: ${words.hostNote}`,
    children: [
      ...(host ? processes(host) : []),
      ...rest.map((group) => ({ id: group.id, text: words.group(group, groupName(group)), children: inside(group) })),
    ],
  };
}
