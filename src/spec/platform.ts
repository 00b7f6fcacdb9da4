const systems =
  'aix android darwin dragonfly freebsd hurd illumos ios js linux nacl netbsd openbsd plan9 solaris windows zos'.split(
    ' ',
  );
const architectures =
  '386 amd64 amd64p32 arm armbe arm64 arm64be ppc64 ppc64le loong64 mips mipsle mips64 mips64le mips64p32 mips64p32le'
    .concat(' ppc riscv riscv64 s390 s390x sparc sparc64 wasm')
    .split(' ');
const otherNames: Record<string, [architecture: string, variant?: string]> = {
  x86_64: ['amd64'],
  'x86-64': ['amd64'],
  i386: ['386'],
  aarch64: ['arm64'],
  armhf: ['arm', 'v7'],
  armel: ['arm', 'v6'],
};

export interface OciPlatform {
  os: string;
  architecture: string;
  variant?: string;
}

/** containerd's platforms.Parse: `os`, `arch`, `os/arch` or `os/arch/variant`. */
export function parsePlatform(text: string): OciPlatform {
  const invalid = (what: string): Error => new Error(`${what}: invalid argument`);
  const parts = text.split('/');
  for (const part of parts) {
    if (!/^[A-Za-z0-9_.-]+$/.test(part)) {
      throw invalid(
        `${JSON.stringify(part)} is an invalid component of ${JSON.stringify(text)}: platform specifier component must match "^[A-Za-z0-9_.-]+$"`,
      );
    }
  }
  const [first = '', second, third] = parts.map((part) => part.toLowerCase());
  if (parts.length > 3) throw invalid(`${JSON.stringify(text)}: cannot parse platform specifier`);
  if (second === undefined) {
    if (systems.includes(first)) return { os: first, architecture: 'amd64' };
    const [architecture, variant] = otherNames[first] ?? [first];
    if (architectures.includes(architecture)) return { os: 'linux', architecture, ...(variant ? { variant } : {}) };
    throw invalid(`${JSON.stringify(text)}: unknown operating system or architecture`);
  }
  const [architecture, implied] = otherNames[second] ?? [second];
  const variant = third ?? implied;
  return {
    os: first,
    architecture,
    ...(variant && !(architecture === 'arm64' && variant === 'v8') ? { variant } : {}),
  };
}
