/** Trigger control files (deb-triggers(5)) of the packages that others wait for: facts of the real ones. */
const interests: Readonly<Record<string, string>> = {
  'libc-bin': 'interest-noawait ldconfig',
  'man-db': 'interest-noawait /usr/share/man',
  'ca-certificates': 'interest-noawait update-ca-certificates',
  'hicolor-icon-theme': 'interest-noawait /usr/share/icons/hicolor',
  'shared-mime-info': 'interest-noawait /usr/share/mime/packages',
  dbus: 'interest-noawait /usr/share/dbus-1/system-services',
};

const library = /^(usr\/)?lib\/(x86_64-linux-gnu\/)?lib[^/]*\.so\.[0-9]/;

/** Text of a package's `triggers` file; undefined when it has none. */
export function triggersOf(name: string, files: readonly { path: string }[]): string | undefined {
  const own = interests[name];
  if (own) return `${own}\n`;
  return files.some((file) => library.test(file.path)) ? 'activate-noawait ldconfig\n' : undefined;
}
