"""What is built is what is in the tree: three packages with their data files, and nothing beside them."""

import subprocess
import sys
import zipfile
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACKAGES = ("contracts", "services", "gateway")
IGNORED_SUFFIXES = {".pyc", ".log"}


@pytest.fixture(scope="module")
def names(tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    """Every file in the wheel."""
    out = tmp_path_factory.mktemp("wheel")
    # Without isolation: the build backend is locked with the rest, so nothing is fetched.
    command = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(out)]
    built = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert built.returncode == 0, built.stdout + built.stderr
    [wheel] = out.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        return set(archive.namelist())


def test_wheel_holds_our_three_packages_and_nothing_else(names: set[str]) -> None:
    tops = {name.split("/")[0] for name in names}
    [metadata] = [top for top in tops if top.endswith(".dist-info")]
    assert tops - {metadata} == set(PACKAGES)


def test_wheel_holds_every_file_of_the_tree_with_templates_and_samples(names: set[str]) -> None:
    in_tree = {
        path.relative_to(ROOT).as_posix()
        for package in PACKAGES
        for path in (ROOT / package).rglob("*")
        if path.is_file() and path.suffix not in IGNORED_SUFFIXES
    }
    assert in_tree - names == set()


def test_wheel_installs_the_command_and_carries_the_licence(names: set[str]) -> None:
    assert {name.split("/", 1)[1] for name in names if ".dist-info/" in name} >= {
        "entry_points.txt",
        "licenses/LICENSE",
    }


@pytest.mark.parametrize("package", PACKAGES)
def test_no_dependency_provides_a_package_of_ours(package: str) -> None:
    assert set(packages_distributions().get(package, [])) <= {"alpha-swarm"}
