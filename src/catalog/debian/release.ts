/** What tells one Debian-like distribution from another. Facts of the real images. */
export interface Release {
  id: 'debian' | 'ubuntu';
  version: string;
  codename: string;
  prettyName: string;
  osRelease: string;
  debianVersion: string;
  /** apt sources, and where: /etc/apt/<file>. */
  sources: { file: string; text: string };
  /** Where its packages come from, `http://host/path`. */
  mirror: string;
  /** Bytes of the image's root filesystem, as `docker images` shows. */
  size: number;
}

/** Of the images until 11 in one-line style, from 12 on as deb822. */
function debianSources(version: number, codename: string): Release['sources'] {
  if (version < 12) {
    const security = version < 11 ? `${codename}/updates` : `${codename}-security`;
    const line = (archive: string, suite: string): string => `deb http://deb.debian.org/${archive} ${suite} main\n`;
    const text = line('debian', codename) + line('debian-security', security) + line('debian', `${codename}-updates`);
    return { file: 'sources.list', text };
  }
  return {
    file: 'sources.list.d/debian.sources',
    text: `Types: deb
URIs: http://deb.debian.org/debian
Suites: ${codename} ${codename}-updates
Components: main
Signed-By: /usr/share/keyrings/debian-archive-keyring.gpg

Types: deb
URIs: http://deb.debian.org/debian-security
Suites: ${codename}-security
Components: main
Signed-By: /usr/share/keyrings/debian-archive-keyring.gpg
`,
  };
}

const debian = (version: string, codename: string, debianVersion: string, size: number): Release => ({
  id: 'debian',
  version,
  codename,
  prettyName: `Debian GNU/Linux ${version} (${codename})`,
  osRelease: `PRETTY_NAME="Debian GNU/Linux ${version} (${codename})"
NAME="Debian GNU/Linux"
VERSION_ID="${version}"
VERSION="${version} (${codename})"
VERSION_CODENAME=${codename}
ID=debian
HOME_URL="https://www.debian.org/"
SUPPORT_URL="https://www.debian.org/support"
BUG_REPORT_URL="https://bugs.debian.org/"
`,
  debianVersion,
  sources: debianSources(Number(version), codename),
  mirror: 'http://deb.debian.org/debian',
  size,
});

const ubuntu = (version: string, name: string, codename: string, debianVersion: string, size: number): Release => {
  const suites = [codename, `${codename}-updates`, `${codename}-backports`];
  const deb822 = Number(version) >= 24;
  return {
    id: 'ubuntu',
    version,
    codename,
    prettyName: `Ubuntu ${name}`,
    osRelease: `PRETTY_NAME="Ubuntu ${name}"
NAME="Ubuntu"
VERSION_ID="${version}"
VERSION="${name}"
VERSION_CODENAME=${codename}
ID=ubuntu
ID_LIKE=debian
HOME_URL="https://www.ubuntu.com/"
SUPPORT_URL="https://help.ubuntu.com/"
BUG_REPORT_URL="https://bugs.launchpad.net/ubuntu/"
PRIVACY_POLICY_URL="https://www.ubuntu.com/legal/terms-and-policies/privacy-policy"
UBUNTU_CODENAME=${codename}
LOGO=ubuntu-logo
`,
    debianVersion,
    sources: deb822
      ? {
          file: 'sources.list.d/ubuntu.sources',
          text: `Types: deb
URIs: http://archive.ubuntu.com/ubuntu/
Suites: ${suites.join(' ')}
Components: main universe restricted multiverse
Signed-By: /usr/share/keyrings/ubuntu-archive-keyring.gpg

Types: deb
URIs: http://security.ubuntu.com/ubuntu/
Suites: ${codename}-security
Components: main universe restricted multiverse
Signed-By: /usr/share/keyrings/ubuntu-archive-keyring.gpg
`,
        }
      : {
          file: 'sources.list',
          text: [...suites.map((suite) => ['archive', suite]), ['security', `${codename}-security`]]
            .map(
              ([host, suite]) => `deb http://${host}.ubuntu.com/ubuntu/ ${suite} main restricted universe multiverse\n`,
            )
            .join(''),
        },
    mirror: 'http://archive.ubuntu.com/ubuntu',
    size,
  };
};

export const releases = {
  bookworm: debian('12', 'bookworm', '12.11', 116_600_000),
  'bookworm-slim': debian('12', 'bookworm', '12.11', 74_800_000),
  bullseye: debian('11', 'bullseye', '11.11', 124_000_000),
  'bullseye-slim': debian('11', 'bullseye', '11.11', 80_500_000),
  buster: debian('10', 'buster', '10.13', 114_000_000),
  'buster-slim': debian('10', 'buster', '10.13', 69_300_000),
  stretch: debian('9', 'stretch', '9.13', 101_000_000),
  jessie: debian('8', 'jessie', '8.11', 129_000_000),
  noble: ubuntu('24.04', '24.04.2 LTS', 'noble', 'trixie/sid', 78_100_000),
  jammy: ubuntu('22.04', '22.04.5 LTS', 'jammy', 'bookworm/sid', 77_900_000),
  focal: ubuntu('20.04', '20.04.6 LTS', 'focal', 'bullseye/sid', 72_800_000),
  bionic: ubuntu('18.04', '18.04.6 LTS', 'bionic', 'buster/sid', 63_200_000),
  xenial: ubuntu('16.04', '16.04.7 LTS', 'xenial', 'stretch/sid', 135_000_000),
  trusty: ubuntu('14.04', '14.04.6 LTS', 'trusty', 'jessie/sid', 197_000_000),
  precise: ubuntu('12.04', '12.04.5 LTS', 'precise', 'wheezy/sid', 103_600_000),
} satisfies Record<string, Release>;
