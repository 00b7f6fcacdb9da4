"""Where modules come from: those that are changed when first imported, those that are not there, and compiled code."""
import _imp
import marshal
import ssl
import sys
import types
import zipimport
from importlib.machinery import ModuleSpec, SourceFileLoader
from pyodide.ffi import to_js
from _drydock import kernel
from _drydock.kernel import start
from _drydock.servers import patch_multiprocessing, patch_reloader


class Loaded:
    """A module that is there already."""

    def __init__(self, module):
        self.module = module

    def create_module(self, spec):
        return self.module

    def exec_module(self, module):
        pass


class Patches:
    """Applies what must be changed in a module when it is first imported."""

    wanted = {"multiprocessing": patch_multiprocessing, "werkzeug._reloader": patch_reloader}

    def find_spec(self, name, path=None, target=None):
        if name in self.wanted:
            self.wanted.pop(name)()
            module = sys.modules.get(name)
            spec = module and ModuleSpec(name, Loaded(module), is_package=hasattr(module, "__path__"))
            if spec and spec.submodule_search_locations is not None:
                spec.submodule_search_locations.extend(module.__path__)
            if spec:
                module.__spec__ = spec  # importlib takes this one, as the module is there by now
            return spec
        if name in start["lacking"]:
            raise ModuleNotFoundError(f"drydock: the module {name} is not simulated", name=name)
        return None


def compiled(source, path, otherwise):
    """
    Code that an interpreter of this world compiled before, as __pycache__ has it, but for all containers. A change of the
    source is another key.
    """
    if kernel.host is None or not isinstance(source, bytes):
        return otherwise()
    key = f"{path} {len(source)} {_imp.source_hash(0, source).hex()}"
    kept = kernel.host.compiled(key)
    if kept is not None:
        return marshal.loads(kept.to_bytes())
    code = otherwise()
    if isinstance(code, types.CodeType):
        kernel.host.keepCompiled(key, to_js(marshal.dumps(code)))
    return code


def source_to_code(self, data, path, *rest, plain=SourceFileLoader.source_to_code, **more):
    return compiled(data, path, lambda: plain(self, data, path, *rest, **more))


def compile_source(path, source, *rest, plain=zipimport._compile_source, **more):
    return compiled(source, path, lambda: plain(path, source, *rest, **more))


def get_data(self, path, plain=SourceFileLoader.get_data):
    """A package whose files only stand in for the real ones cannot be imported."""
    data = plain(self, path)
    if data.startswith(b"# drydock: stands in for"):
        raise ImportError(f"drydock: the package of {path} is not simulated", path=path)
    return data


def no_tls(self, sock, *args, **kwargs):
    """Differs from Linux: https is spoken in plain text, as everywhere in the simulated internet."""
    return sock


SourceFileLoader.source_to_code = source_to_code
SourceFileLoader.get_data = get_data
zipimport._compile_source = compile_source
ssl.SSLContext.wrap_socket = no_tls
ssl.SSLContext.hostname_checks_common_name = False
ssl.HAS_NEVER_CHECK_COMMON_NAME = True


def begin():
    sys.path_importer_cache.clear()
    sys.meta_path[:] = [Patches(), *(f for f in sys.meta_path if not type(f).__module__.startswith("_pyodide"))]
    for name in [one for one in Patches.wanted if one in sys.modules]:
        Patches.wanted.pop(name)()
