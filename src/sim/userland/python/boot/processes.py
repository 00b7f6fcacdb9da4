"""Other programs: subprocess, os.system, os.exec*, os.wait*."""
import errno
import os
import subprocess
import sys
from _drydock.kernel import call, down, up, wait


def encode(result):
    return (result["code"] or 0) << 8 if "signal" not in result else result["signal"]


def waitpid(pid, options):
    got = wait("wait", pid, bool(options & 1))
    return (got["pid"], encode(got)) if got else (0, 0)


def status_to_code(status):
    return -(status & 0x7F) if status & 0x7F else status >> 8


def find(name, env):
    if "/" in name:
        return name
    for directory in (env or os.environ).get("PATH", "/bin:/usr/bin").split(":"):
        path = f"{directory or '.'}/{name}"
        if os.path.isfile(path) and os.access(path, 1):
            return path
    return name


def execute_child(
    self, args, executable, preexec_fn, close_fds, pass_fds, cwd, env, startupinfo, creationflags, shell,
    p2cread, p2cwrite, c2pread, c2pwrite, errread, errwrite, *rest,
):  # fmt: skip
    args = [args] if isinstance(args, (str, bytes, os.PathLike)) else list(args)
    args = [os.fsdecode(one) for one in args]
    if shell:
        args = [executable or "/bin/sh", "-c", *args]
    path = find(os.fsdecode(executable) if executable and not shell else args[0], env)
    if preexec_fn:
        raise OSError(errno.ENOSYS, "drydock: preexec_fn is not simulated")
    wanted = [(0, p2cread), (1, c2pwrite), (2, errwrite)]
    wish = {
        "env": {os.fsdecode(k): os.fsdecode(v) for k, v in (env if env is not None else os.environ).items()},
        "cwd": os.fspath(cwd) if cwd is not None else None,
        "fds": [[child, down(fd)] for child, fd in wanted if fd != -1],
        "close": [],
        "session": bool(rest[5] if len(rest) > 5 else False),
    }
    try:
        self.pid = wait("spawn", path, args, wish)
    except OSError as e:
        self.returncode = None
        raise OSError(e.errno, e.strerror, args[0]) from None
    finally:
        for fd in (p2cread, c2pwrite, errwrite):
            if fd not in (-1, 0, 1, 2):
                os.close(fd)
    self._child_created = True


subprocess._can_fork_exec = True
subprocess.Popen._execute_child = execute_child
subprocess.Popen._get_devnull = lambda self: up(call("open", "/dev/null", 2, 0))
safe = subprocess._del_safe
safe.waitpid, safe.waitstatus_to_exitcode, safe.WNOHANG, safe.WIFSTOPPED = waitpid, status_to_code, 1, lambda s: False
safe.ECHILD = errno.ECHILD


def system(command):
    pid = wait("spawn", "/bin/sh", ["sh", "-c", command], {"env": dict(os.environ), "fds": [], "close": [], "session": False})
    return waitpid(pid, 0)[1]


def execve(path, args, env):
    sys.stdout.flush()
    wait("exec", os.fsdecode(path), [os.fsdecode(a) for a in args], dict(env), path=path)


def no_fork():
    raise OSError(errno.ENOSYS, "drydock: fork is not simulated")


for name, value in {
    "system": system,
    "waitpid": waitpid,
    "wait": lambda: waitpid(-1, 0),
    "waitstatus_to_exitcode": status_to_code,
    "WIFEXITED": lambda s: not s & 0x7F,
    "WEXITSTATUS": lambda s: s >> 8,
    "WIFSIGNALED": lambda s: bool(s & 0x7F),
    "WTERMSIG": lambda s: s & 0x7F,
    "WIFSTOPPED": lambda s: False,
    "WNOHANG": 1,
    "execve": execve,
    "execv": lambda path, args: execve(path, args, os.environ),
    "fork": no_fork,
}.items():
    setattr(os, name, value)
os.popen = lambda cmd, mode="r", buffering=-1: subprocess.Popen(
    cmd, shell=True, text=True, stdout=subprocess.PIPE if mode == "r" else None, stdin=subprocess.PIPE if mode == "w" else None
).__getattribute__("stdout" if mode == "r" else "stdin")

