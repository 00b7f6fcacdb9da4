"""Runs what the command line says."""
import asyncio
import atexit
import builtins
import code
import importlib
import os
import runpy
import sys
import traceback
import types
from _drydock import imports, kernel, system, tracebacks
from _drydock.files import _open, input, open_stdio
from _drydock.kernel import start
from _drydock.tracebacks import numbers, shown


# Pyodide's own runs on JavaScript's loop.
for module in (asyncio.runners, asyncio):
    module.run = importlib.reload(asyncio.runners).run


def prepare(host):
    kernel.begin(host)
    system.begin()
    tracebacks.begin()
    real = sys.version.split()[0]
    sys.version = f"{start['version']} (drydock: runs as CPython {real}) [WebAssembly]"
    sys.platform = "linux"
    sys.executable = sys._base_executable = start["executable"]
    sys.prefix = sys.exec_prefix = start["prefix"]
    sys.base_prefix = sys.base_exec_prefix = start["base"]
    sys.argv = start["args"]
    sys.orig_argv = [start["executable"], *start["args"]]
    sys.dont_write_bytecode = True
    sys.path[:] = [*start["before"], *os.environ.get("PYTHONPATH", "").split(":"), *start["path"]]
    sys.path[:] = [p for i, p in enumerate(sys.path) if p or i == 0 and start["before"]]
    imports.begin()
    own_event_loops()
    for name in [one for one in sys.modules if one == "site" or one.split(".")[0] == "_drydock"]:
        del sys.modules[name]
    open_stdio(start["unbuffered"])


def own_event_loops():
    asyncio._set_running_loop(None)
    try:
        asyncio.events._set_event_loop_policy(asyncio.unix_events._DefaultEventLoopPolicy())
    except AttributeError:
        pass


def read_source(path):
    try:
        with _open(path, "rb") as file:
            return file.read()
    except OSError as e:
        number = numbers.get(e.errno, e.errno)
        name = path if start["version"].startswith("3.6") else os.path.abspath(path)
        text = os.strerror(e.errno)
        sys.stderr.write(f"{start['program']}: can't open file {name!r}: [Errno {number}] {text}\n")
        raise SystemExit(2) from None


def run_module(name, main):
    sys.modules.pop(name, None)  # may be there since the interpreter was made
    runpy._run_module_as_main(name, True)


def repl(main):
    console = code.InteractiveConsole(vars(main), "<stdin>")

    def showtraceback():
        kind, value, tb = sys.exc_info()
        while tb and tb.tb_frame.f_code.co_filename.startswith(("<_drydock", code.__file__)):
            tb = tb.tb_next
        sys.stderr.write(shown(kind, value, tb))

    console.showtraceback = showtraceback
    console.raw_input = input
    sys.ps1, sys.ps2 = ">>> ", "... "
    banner = f'Python {sys.version} on linux\nType "help", "copyright", "credits" or "license" for more information.'
    console.interact("" if start["quiet"] else banner, exitmsg="")


def run():
    main = types.ModuleType("__main__")
    main.__builtins__ = builtins
    sys.modules["__main__"] = main
    mode, target = start["mode"], start["target"]
    if mode == "command":
        exec(compile(target, "<string>", "exec"), vars(main))
    elif mode == "module":
        run_module(target, main)
    elif mode == "file":
        if os.path.isdir(target):
            sys.path[0] = target
            target = os.path.join(target, "__main__.py")
        source = read_source(target)
        if not start["version"].startswith("3.6"):
            target = os.path.abspath(target)
        main.__file__ = target
        exec(compile(source, target, "exec"), vars(main))
    elif sys.stdin.isatty() or start["inspect"]:
        repl(main)
    else:
        exec(compile(sys.stdin.read(), "<stdin>", "exec"), vars(main))
    if start["inspect"] and mode != "stdin":
        repl(main)


def status_of(e):
    if e.code is None:
        return 0
    if isinstance(e.code, int):
        return e.code & 0xFF
    sys.stdout.flush()
    sys.stderr.write(f"{e.code}\n")
    return 1


def finish(status):
    try:
        atexit._run_exitfuncs()
    except SystemExit as e:
        status = status_of(e)
    try:
        sys.stdout.flush()
    except BrokenPipeError:
        sys.stderr.write("Exception ignored on flushing sys.stdout:\nBrokenPipeError: [Errno 32] Broken pipe\n")
        status = 120
    except (OSError, ValueError):
        pass
    return status


def main(host):
    """The exit status; or, as a text, what went wrong in us."""
    try:
        prepare(host)
        return run_to_end()
    except BaseException:
        return traceback.format_exc()


def run_to_end():
    status = 0
    try:
        run()
    except SystemExit as e:
        status = status_of(e)
    except KeyboardInterrupt:
        sys.excepthook(*sys.exc_info())
        status = -2
    except BaseException:
        sys.excepthook(*sys.exc_info())
        status = 1
    try:
        return finish(status)
    except KeyboardInterrupt:
        return -2
