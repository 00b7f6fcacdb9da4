"""pwd and grp, which the interpreter does not have: /etc/passwd and /etc/group."""
import collections
import sys
import types

struct_passwd = collections.namedtuple("struct_passwd", "pw_name pw_passwd pw_uid pw_gid pw_gecos pw_dir pw_shell")
struct_group = collections.namedtuple("struct_group", "gr_name gr_passwd gr_gid gr_mem")


def lines(path, fields):
    try:
        with open(path) as file:
            split = [line.rstrip("\n").split(":") for line in file]
    except OSError:
        return []
    return [one for one in split if len(one) == fields]


def getpwall():
    return [struct_passwd(n, p, int(u), int(g), *rest) for n, p, u, g, *rest in lines("/etc/passwd", 7)]


def getgrall():
    return [struct_group(n, p, int(g), [m for m in who.split(",") if m]) for n, p, g, who in lines("/etc/group", 4)]


def finder(function, entries, key, what):
    def find(wanted):
        for entry in entries():
            if getattr(entry, key) == wanted:
                return entry
        raise KeyError(f"{function}(): {what} not found: {wanted!r}")

    find.__name__ = function
    return find


def module(name, **members):
    sys.modules[name] = types.ModuleType(name)
    vars(sys.modules[name]).update(members)


module(
    "pwd",
    struct_passwd=struct_passwd,
    getpwall=getpwall,
    getpwnam=finder("getpwnam", getpwall, "pw_name", "name"),
    getpwuid=finder("getpwuid", getpwall, "pw_uid", "uid"),
)
module(
    "grp",
    struct_group=struct_group,
    getgrall=getgrall,
    getgrnam=finder("getgrnam", getgrall, "gr_name", "name"),
    getgrgid=finder("getgrgid", getgrall, "gr_gid", "gid"),
)
