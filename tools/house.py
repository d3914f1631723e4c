"""Print how the package is built: lengths, imports, arguments, docstrings, names.

`python tools/house.py` prints one table and, below it, the functions and names that miss a rule; with
`--short`, the table alone. The rules that every change must keep are tests, in `tests/unit/test_house.py`,
which measure with the functions of this file. The sources are read, not imported.
"""

from __future__ import annotations

import argparse
import ast
import re
import statistics
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "solver" / "breachflow"

KERNELS = {"kernel", "parallel_kernel", "reduction_kernel", "pointwise"}
"""Decorators whose functions are compiled."""
ARRAYS = {"ndarray", "NDArray"}
"""Names of array types in annotations, beside those of `arrays.py`."""
SHAPE = re.compile(r"\b[Ss]hapes?\b|\((?=[^()]*(?:\bn\b|\bn_|\bnvar\b|\d))[a-z0-9_+*/ -]+,[a-z0-9_+*/, -]*\)")
"""The word, or a shape such as (n_cells, nvar), (n, 2) or (n_faces,)."""
RAISES = re.compile(r"\b[Rr]aises?\b")

AnyFunction = ast.FunctionDef | ast.AsyncFunctionDef


class Module(NamedTuple):
    """A source file."""

    name: str
    """Dotted, without the package's own name: `case.schema`; a package is named as its folder."""
    path: Path
    tree: ast.Module

    @property
    def is_package(self) -> bool:
        """It is the `__init__.py` of a folder."""
        return self.path.name == "__init__.py"


class Definition(NamedTuple):
    """A function, method or class, and where it stands."""

    module: Module
    name: str
    """With the classes and functions around it: `Mesh.n_cells`."""
    node: AnyFunction | ast.ClassDef
    nested: bool
    """It stands inside a function."""

    @property
    def where(self) -> str:
        """File, line and name, for a message."""
        return f"{self.module.path.relative_to(ROOT)}:{self.node.lineno} {self.name}"

    @property
    def is_public(self) -> bool:
        """It stands outside of functions, and no part of its name begins with an underscore."""
        return not self.nested and not any(part.startswith("_") for part in self.name.split("."))

    @property
    def is_overload(self) -> bool:
        """It gives types alone; the function behind it has the docstring."""
        return any("overload" in names_in(decorator) for decorator in self.node.decorator_list)

    @property
    def docstring(self) -> str:
        """Its docstring, or nothing."""
        return ast.get_docstring(self.node) or ""


class Function(Definition):
    """A function or a method."""

    node: AnyFunction

    @property
    def body_lines(self) -> int:
        """Lines of code behind the docstring; empty lines and comments do not count."""
        body = self.node.body[1:] if ast.get_docstring(self.node) is not None else self.node.body
        if not body:
            return 0
        lines = source_lines(self.module.path)[body[0].lineno - 1 : body[-1].end_lineno]
        return sum(bool(line.strip()) and not line.strip().startswith("#") for line in lines)

    @property
    def arguments(self) -> list[ast.arg]:
        """All that the caller may give."""
        given = self.node.args
        return [*given.posonlyargs, *given.args, *given.kwonlyargs]

    @property
    def is_kernel(self) -> bool:
        """It is compiled."""
        return any(names_in(decorator) & KERNELS for decorator in self.node.decorator_list)

    @property
    def returned_arrays(self) -> set[str]:
        """The array types in what it returns."""
        return names_in(self.node.returns) & {*ARRAYS, *array_types()} if self.node.returns else set()

    @property
    def states_shape(self) -> bool:
        """Its docstring or the types that it returns say the shape."""
        shaped = {name for name, meaning in array_types().items() if SHAPE.search(meaning)}
        return self.returned_arrays <= shaped or bool(SHAPE.search(self.docstring))

    @property
    def raises(self) -> bool:
        """Its own body, without functions inside it, raises an error by name."""
        return any(isinstance(node, ast.Raise) and node.exc is not None for node in own_nodes(self.node))

    @property
    def annotations(self) -> list[ast.expr]:
        """Of its arguments and of what it returns."""
        given = [argument.annotation for argument in self.arguments]
        variable = [
            argument.annotation for argument in (self.node.args.vararg, self.node.args.kwarg) if argument
        ]
        return [found for found in (*given, *variable, self.node.returns) if found is not None]


class Import(NamedTuple):
    """That one module names another in an import."""

    source: str
    target: str
    kind: str
    """`import`, `lazy` (inside a function) or `type` (under TYPE_CHECKING)."""


# reading


@cache
def source_lines(path: Path) -> tuple[str, ...]:
    """Lines of a file."""
    return tuple(path.read_text(encoding="utf-8").splitlines())


@cache
def modules(package: Path = PACKAGE) -> tuple[Module, ...]:
    """All source files of a package."""
    return tuple(_read(path, package) for path in sorted(package.rglob("*.py")))


def _read(path: Path, package: Path) -> Module:
    parts = path.relative_to(package).with_suffix("").parts
    name = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
    return Module(name, path, ast.parse("\n".join(source_lines(path))))


@cache
def functions() -> tuple[Function, ...]:
    """All functions and methods, those inside of others too."""
    return tuple(Function(*found) for found in _definitions() if not isinstance(found.node, ast.ClassDef))


@cache
def classes() -> tuple[Definition, ...]:
    """All classes."""
    return tuple(found for found in _definitions() if isinstance(found.node, ast.ClassDef))


@cache
def _definitions() -> tuple[Definition, ...]:
    return tuple(found for module in modules() for found in _inside(module, module.tree, "", False))


def _inside(module: Module, node: ast.AST, prefix: str, nested: bool) -> Iterator[Definition]:
    for child in ast.iter_child_nodes(node):
        if isinstance(child, AnyFunction | ast.ClassDef):
            yield Definition(module, prefix + child.name, child, nested)
            inner = nested or not isinstance(child, ast.ClassDef)
            yield from _inside(module, child, f"{prefix}{child.name}.", inner)
        else:
            yield from _inside(module, child, prefix, nested)


@cache
def array_types() -> dict[str, str]:
    """The names of array types in `arrays.py`, and what stands below each."""
    body = ast.parse("\n".join(source_lines(PACKAGE / "arrays.py"))).body
    return {
        node.target.id: str(below.value.value)
        for node, below in pairwise(body)
        if isinstance(node, ast.AnnAssign)
        and isinstance(node.target, ast.Name)
        and isinstance(below, ast.Expr)
        and isinstance(below.value, ast.Constant)
    }


def names_in(node: ast.AST) -> set[str]:
    """All names and attributes in an expression, also those in a text that stands for a type."""
    found = {child.id for child in ast.walk(node) if isinstance(child, ast.Name)}
    found |= {child.attr for child in ast.walk(node) if isinstance(child, ast.Attribute)}
    texts = [child.value for child in ast.walk(node) if isinstance(child, ast.Constant)]
    return found | {word for text in texts if isinstance(text, str) for word in re.findall(r"\w+", text)}


def own_nodes(node: ast.AST) -> Iterator[ast.AST]:
    """What stands in a function, without what stands in functions and classes inside it."""
    for child in ast.iter_child_nodes(node):
        yield child
        if not isinstance(child, AnyFunction | ast.ClassDef | ast.Lambda):
            yield from own_nodes(child)


# imports


@cache
def imports() -> tuple[Import, ...]:
    """Each import of one module of the package by another, once for each kind."""
    known = {module.name for module in modules()}
    found = {edge for module in modules() for edge in _imports_of(module, module.tree, "import", known)}
    return tuple(sorted(edge for edge in found if edge.source != edge.target))


def _imports_of(module: Module, node: ast.AST, kind: str, known: set[str]) -> Iterator[Import]:
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.Import | ast.ImportFrom):
            yield from (Import(module.name, target, kind) for target in _targets(child, known))
        elif isinstance(child, ast.If) and "TYPE_CHECKING" in names_in(child.test):
            yield from _imports_of(module, child, "type", known)
        elif isinstance(child, AnyFunction | ast.Lambda):
            yield from _imports_of(module, child, "lazy", known)
        else:
            yield from _imports_of(module, child, kind, known)


def _targets(node: ast.Import | ast.ImportFrom, known: set[str]) -> Iterator[str]:
    """The modules that an import statement names; a name taken from a package may be a module of it."""
    root = PACKAGE.name
    if isinstance(node, ast.Import):
        full = [alias.name for alias in node.names]
        yield from (_within(name, root) for name in full if name == root or name.startswith(f"{root}."))
    elif node.level == 0 and node.module and node.module.split(".")[0] == root:
        package = _within(node.module, root)
        for alias in node.names:
            inner = f"{package}.{alias.name}".lstrip(".")
            yield inner if inner in known else package


def _within(name: str, root: str) -> str:
    return name.removeprefix(root).lstrip(".")


def circles(kinds: Iterable[str]) -> list[tuple[str, ...]]:
    """Groups of modules that import one another, directly or around a circle, by imports of these kinds.

    Importing a module also runs the `__init__.py` of its package. That is no edge here: every package that
    offers names of its own modules would be a circle.
    """
    edges: dict[str, set[str]] = defaultdict(set)
    for edge in imports():
        if edge.kind in kinds:
            edges[edge.source].add(edge.target)
    reached = {name: _reached(name, edges) for name in list(edges)}
    groups = {
        tuple(sorted({name} | {other for other in reached[name] if name in reached.get(other, ())}))
        for name in reached
        if name in reached[name]
    }
    return sorted(groups)


def mutual_imports() -> list[tuple[str, str]]:
    """Pairs of modules that import each other when they are imported."""
    edges = {(edge.source, edge.target) for edge in imports() if edge.kind == "import"}
    return sorted((one, other) for one, other in edges if one < other and (other, one) in edges)


def _reached(name: str, edges: dict[str, set[str]]) -> set[str]:
    found: set[str] = set()
    ahead = [name]
    while ahead:
        fresh = edges.get(ahead.pop(), set()) - found
        found |= fresh
        ahead += fresh
    return found


# rules: what each gives are the places that break it


def names_defined_twice() -> dict[str, list[str]]:
    """Public names of classes and type aliases that stand in more than one place, and these places."""
    places: dict[str, list[str]] = defaultdict(list)
    for found in classes():
        if not found.node.name.startswith("_") and not found.nested:
            places[found.node.name].append(found.where)
    for module in modules():
        for name, line in _aliases(module):
            places[name].append(f"{module.path.relative_to(ROOT)}:{line} {name}")
    return {name: where for name, where in sorted(places.items()) if len(where) > 1}


def _aliases(module: Module) -> Iterator[tuple[str, int]]:
    """Names in CamelCase that a module gives to a type."""
    for node in module.tree.body:
        target = node.targets[0] if isinstance(node, ast.Assign) else getattr(node, "target", None)
        value = getattr(node, "value", None)
        if not isinstance(target, ast.Name) or not isinstance(value, ast.expr):
            continue
        if re.match(r"[A-Z]\w*[a-z]", target.id) and not names_in(value) & {"TypeVar", "ParamSpec"}:
            yield target.id, node.lineno


def undocumented() -> list[str]:
    """Public modules, classes, functions and methods without a docstring."""
    files = [
        str(module.path.relative_to(ROOT))
        for module in modules()
        if not (ast.get_docstring(module.tree) or "")
    ]
    found = [found for found in (*classes(), *functions()) if found.is_public and not found.docstring]
    return [*files, *(definition.where for definition in found if not definition.is_overload)]


def returning_arrays() -> list[Function]:
    """Public functions that return arrays."""
    return [found for found in functions() if found.is_public and found.returned_arrays]


def without_shape() -> list[str]:
    """Public functions that return arrays and do not state their shape."""
    return [found.where for found in returning_arrays() if not found.states_shape]


def raising() -> list[Function]:
    """Public functions that raise an error themselves."""
    return [found for found in functions() if found.is_public and found.raises]


def without_raises() -> list[str]:
    """Public functions that raise an error and do not say so."""
    return [found.where for found in raising() if not RAISES.search(found.docstring)]


def modules_of_folders() -> dict[str, int]:
    """Number of modules directly in each folder, the `__init__.py` not counted, most first."""
    files = [module.path for module in modules() if module.path.stem not in ("__init__", "__main__")]
    return dict(Counter(path.parent.relative_to(PACKAGE).as_posix() for path in files).most_common())


def kernels() -> list[Function]:
    """Compiled functions, most arguments first."""
    return sorted(
        (found for found in functions() if found.is_kernel), key=lambda found: -len(found.arguments)
    )


def wide_kernels(most: int) -> list[str]:
    """Compiled functions with more arguments."""
    wide = [found for found in kernels() if len(found.arguments) > most]
    return [f"{found.where} ({len(found.arguments)})" for found in wide]


def any_in_signatures(*packages: str) -> list[str]:
    """Functions of these packages that take or return `Any`; an array of any kind of number is none."""
    return [
        found.where
        for found in functions()
        if found.module.name.split(".")[0] in packages
        and any(_is_untyped(annotation) for annotation in found.annotations)
    ]


def _is_untyped(annotation: ast.expr) -> bool:
    if isinstance(annotation, ast.Subscript) and names_in(annotation.value) & {"NDArray", "floating"}:
        return False
    inner = [child for child in ast.iter_child_nodes(annotation) if isinstance(child, ast.expr)]
    return ast.unparse(annotation) == "Any" or any(_is_untyped(child) for child in inner)


def count_of_any() -> int:
    """How many names and arguments are `: Any`."""
    text = "\n".join("\n".join(source_lines(module.path)) for module in modules())
    return len(re.findall(r": Any\b", text))


def lines_by_package() -> dict[str, int]:
    """Lines of each package and of each module beside them."""
    found: Counter[str] = Counter()
    for module in modules():
        found[module.path.relative_to(PACKAGE).parts[0]] += len(source_lines(module.path))
    return dict(found.most_common())


def recipes() -> dict[str, list[str]]:
    """For each recipe of CONTRIBUTING, the files that its test edits and asserts: `package.edited == {...}`.

    The name of a test's file is that of the recipe: `test_add_a_case_key.py` adds a case key.
    """
    found: dict[str, list[str]] = {}
    for path in sorted((ROOT / "tests" / "recipes").glob("test_add_*.py")):
        name = re.sub(r"^test_add_an?_", "", path.stem).replace("_", " ")
        found[name] = sorted(set(_edited_files(ast.parse(path.read_text(encoding="utf-8")))))
    return found


def code_files(files: list[str]) -> list[str]:
    """Those that are part of the package; the others are documents."""
    return [file for file in files if file.startswith("solver/")]


def _edited_files(tree: ast.Module) -> Iterator[str]:
    """The files with which the functions of a test module compare what was edited."""
    known: dict[str, str] = {}
    for node in tree.body:
        if isinstance(node, ast.Assign):
            known.update(_texts(node.targets[0], node.value))
    for node in ast.walk(tree):
        if (
            isinstance(node, ast.Compare)
            and isinstance(node.left, ast.Attribute)
            and node.left.attr == "edited"
            and isinstance(node.comparators[0], ast.Set)
        ):
            yield from (known[ast.unparse(item)] for item in node.comparators[0].elts)


def _texts(target: ast.expr, value: ast.expr) -> Iterator[tuple[str, str]]:
    """Names of a module and the texts that they are given."""
    pairs = [(target, value)]
    if isinstance(target, ast.Tuple) and isinstance(value, ast.Tuple):
        pairs = list(zip(target.elts, value.elts, strict=True))
    for name, text in pairs:
        if isinstance(text, ast.Constant) and isinstance(text.value, str):
            yield ast.unparse(name), text.value


# the table


def percentile(values: Iterable[int], share: float) -> int:
    """The smallest value that at least this share of them does not exceed."""
    ordered = sorted(values)
    return ordered[max(0, -(-int(share * 100) * len(ordered) // 100) - 1)]


def share_of(missing: list[str], everything: list[Function]) -> str:
    """How many keep a rule, in words."""
    kept = len(everything) - len(missing)
    return f"{kept / len(everything):.0%} ({kept} of {len(everything)})" if everything else "none"


def table() -> dict[str, str]:
    """What is measured, and the value."""
    lengths = [found.body_lines for found in functions()]
    arguments = [len(found.arguments) for found in kernels()]
    folders = modules_of_folders()
    largest = [folder for folder, count in folders.items() if count == max(folders.values())]
    return {
        "body lines of functions, median / 90 % / max": (
            f"{statistics.median(lengths):.0f} / {percentile(lengths, 0.9)} / {max(lengths)}"
        ),
        "import circles, lazy imports too / mutual imports": (
            f"{len(circles(['import', 'lazy']))} / {len(mutual_imports())}"
        ),
        "arguments of kernels, 90 % / max": f"{percentile(arguments, 0.9)} / {max(arguments)}",
        "kernels with more than 6 arguments": f"{sum(count > 6 for count in arguments)} of {len(arguments)}",
        "`: Any`": str(count_of_any()),
        "public functions that return arrays and state the shape": share_of(
            without_shape(), returning_arrays()
        ),
        "public functions that raise and say so": share_of(without_raises(), raising()),
        "public definitions without a docstring": str(len(undocumented())),
        "most modules in one folder": f"{max(folders.values())} ({', '.join(largest)})",
        "longest file, lines": str(max(len(source_lines(module.path)) for module in modules())),
        "public class names and aliases defined twice": str(len(names_defined_twice())),
    }


def misses() -> dict[str, list[str]]:
    """For each rule, the places that break it."""
    twice = [f"{name}: {', '.join(where)}" for name, where in names_defined_twice().items()]
    full = [f"{folder} ({count})" for folder, count in modules_of_folders().items() if count > 12]
    return {
        "no docstring": undocumented(),
        "returns arrays, states no shape": without_shape(),
        "raises, does not say so": without_raises(),
        "kernels with more than 6 arguments": wide_kernels(6),
        "`Any` in signatures of numerics and physics": any_in_signatures("numerics", "physics"),
        "more than 12 modules": full,
        "import circles": [" <-> ".join(circle) for circle in circles(["import", "lazy"])],
        "names defined twice": twice,
    }


def main() -> None:
    """Print the table, and what misses a rule."""
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--short", action="store_true", help="the table alone")
    short = options.parse_args().short
    for name, value in table().items():
        print(f"{name:58} {value}")
    print("\nfiles of code that adding one takes, and documents")
    for name, files in recipes().items():
        code = code_files(files)
        print(f"  {len(code)} + {len(files) - len(code)}  {name}: {', '.join(files)}")
    print("\nlines by package")
    for name, count in lines_by_package().items():
        print(f"  {name:20} {count:6}")
    for rule, places in {} if short else misses().items():
        print(f"\n{rule}: {len(places)}")
        print("".join(f"  {place}\n" for place in places), end="")


if __name__ == "__main__":
    main()
