import { ProjectError } from './project.ts';

export interface VolumeParts {
  type: 'bind' | 'volume';
  source?: string;
  target?: string;
  read_only?: boolean;
  bind?: { selinux?: string; propagation?: string; create_host_path?: boolean };
  volume?: { nocopy?: boolean };
}

const propagations = ['rprivate', 'private', 'rshared', 'shared', 'rslave', 'slave'];

const isDrive = (text: string): boolean => /^\p{L}$/u.test(text);

/** `[SOURCE:]TARGET[:OPTIONS]`, a Windows drive's colon not counting. */
export function parseVolume(spec: string): VolumeParts {
  if (spec === '') throw new ProjectError('invalid empty volume spec');
  if (spec.length <= 2) return { type: 'volume', target: spec };
  const volume: Omit<VolumeParts, 'type'> = {};
  const sections = sectionsOf(spec);
  sections.forEach((section, i) => {
    const last = i === sections.length - 1;
    const wrong = section === '' ? 'empty section between colons' : add(volume, section, last);
    if (wrong) throw new ProjectError(`invalid spec: ${spec}: ${wrong}`);
  });
  if (!isFilePath(volume.source ?? '')) return { ...volume, type: 'volume', volume: volume.volume ?? {} };
  return { ...volume, type: 'bind', bind: { ...volume.bind, create_host_path: true } };
}

function sectionsOf(spec: string): string[] {
  const sections: string[] = [''];
  for (const char of spec)
    if (char === ':' && !isDrive(sections.at(-1)!)) sections.push('');
    else sections[sections.length - 1] += char;
  return sections;
}

function add(volume: Omit<VolumeParts, 'type'>, section: string, last: boolean): string | undefined {
  if (volume.source === undefined && last) volume.target = section;
  else if (volume.source === undefined) volume.source = section;
  else if (volume.target === undefined) volume.target = section;
  else if (!last) return 'too many colons';
  else for (const option of section.split(',')) addOption(volume, option);
  return undefined;
}

function addOption(volume: Omit<VolumeParts, 'type'>, option: string): void {
  if (option === 'ro') volume.read_only = true;
  else if (option === 'rw') delete volume.read_only;
  else if (option === 'nocopy') volume.volume = { nocopy: true };
  else if (propagations.includes(option)) volume.bind = { ...volume.bind, propagation: option };
  else if (option === 'z' || option === 'Z') volume.bind = { ...volume.bind, selinux: option };
}

const isFilePath = (source: string): boolean => /^(?:[./~]|\\\\|\p{L}:)/u.test(source);
