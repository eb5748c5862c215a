"""A backup's file: what is in the database, and a manifest that says what that should be.

The file has no name until it is whole, so whoever is killed leaves nothing behind; it is readable by its owner only. It
is a ZIP with two members: the database as the engine itself copies it, and the manifest as JSON.
"""

from __future__ import annotations

import errno
import hashlib
import json
import os
import secrets
import zipfile
import zlib
from contextlib import contextmanager, suppress
from typing import IO, TYPE_CHECKING

from core.base import CoreError
from core.store.manifest import FORMAT, Manifest

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

DATABASE, MANIFEST = "database", "manifest.json"
BLOCK = 1 << 20
MANIFEST_LIMIT = 64 << 20
UNNAMED_REFUSED = {errno.EOPNOTSUPP, errno.EISDIR, errno.ENOENT, errno.EINVAL}


class BackupPlaceError(CoreError):
    """The file cannot be written there; ``said`` is the system's own words."""

    def __init__(self, path: Path, said: str) -> None:
        self.path, self.said = path, said
        super().__init__(
            f"Säkerhetskopian kan inte skrivas till {path} ({said}). Ingenting har skrivits. Välj ett filnamn som inte "
            "finns, i en mapp som finns och som du får skriva i."
        )


class BackupDamagedError(CoreError):
    """The file is no backup of ours, or not whole; ``why`` says what is wrong."""

    def __init__(self, path: Path, why: str) -> None:
        self.path, self.why = path, why
        super().__init__(f"{path} går inte att återställa ur: {why}. Databasen är orörd. Ta en annan säkerhetskopia.")


@contextmanager
def new_file(path: Path) -> Iterator[IO[bytes]]:
    """Give a file to write, which gets its name when all is written; raises ``BackupPlaceError``."""
    if path.exists():
        raise BackupPlaceError(path, "filen finns redan")
    try:
        draft, name = _draft(path.absolute().parent)
    except OSError as error:
        raise BackupPlaceError(path, error.strerror or str(error)) from error
    try:
        with draft:
            yield draft
            draft.flush()
            os.fsync(draft.fileno())
            _name(draft, name, path)
    except OSError as error:
        raise BackupPlaceError(path, error.strerror or str(error)) from error
    finally:
        if name is not None:
            name.unlink(missing_ok=True)


def _draft(folder: Path) -> tuple[IO[bytes], Path | None]:
    """Open a file without a name in the folder, or with a hidden one where the file system knows no other."""
    try:
        return os.fdopen(os.open(folder, os.O_TMPFILE | os.O_RDWR, 0o600), "w+b"), None
    except OSError as error:
        if error.errno not in UNNAMED_REFUSED or not folder.is_dir():
            raise
    name = folder / f".skolkronan-{secrets.token_hex(8)}"
    return os.fdopen(os.open(name, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600), "w+b"), name


def _name(draft: IO[bytes], name: Path | None, path: Path) -> None:
    """Give the whole file its name in one step; refused when somebody else has taken it meanwhile."""
    folder = os.open(path.absolute().parent, os.O_RDONLY)
    try:
        source = name or f"/proc/self/fd/{draft.fileno()}"
        os.link(source, path.name, dst_dir_fd=folder, follow_symlinks=True)
        with suppress(OSError):  # some file systems cannot; the file itself has been synced
            os.fsync(folder)
    finally:
        os.close(folder)


class Writer:
    """Writes the database into a backup's file, block by block, and the manifest after it."""

    def __init__(self, file: IO[bytes], *, packed: bool) -> None:
        """``packed``: what is written is packed already."""
        way = zipfile.ZIP_STORED if packed else zipfile.ZIP_DEFLATED
        self._zip = zipfile.ZipFile(file, "w", way, compresslevel=None if packed else 1)

    def write(self, source: IO[bytes], manifest: Manifest) -> Manifest:
        """Write everything; return the manifest with the sum and size of what was written."""
        digest, size = hashlib.sha256(), 0
        with self._zip, self._zip.open(DATABASE, "w", force_zip64=True) as member:
            while block := source.read(BLOCK):
                digest.update(block)
                size += len(block)
                member.write(block)
            member.close()
            whole = manifest.of(digest.hexdigest(), size)
            self._zip.writestr(MANIFEST, whole.to_json())
        return whole


def read_manifest(path: Path) -> Manifest:
    """Return what a backup says it holds; raises ``BackupDamagedError``."""
    with _opened(path) as archive:
        info = archive.getinfo(MANIFEST)
        if info.file_size > MANIFEST_LIMIT:
            raise BackupDamagedError(path, "innehållsförteckningen är orimligt stor")
        said = json.loads(archive.read(info))
    if not isinstance(said, dict) or said.get("format") != FORMAT:
        raise BackupDamagedError(path, "filen har ett annat format än det här programmet känner")
    try:
        return Manifest.from_json(said)
    except (KeyError, TypeError, ValueError) as error:
        raise BackupDamagedError(path, "innehållsförteckningen går inte att läsa") from error


def extract(path: Path, manifest: Manifest, target: IO[bytes]) -> None:
    """Write the database of a backup to ``target``; raises ``BackupDamagedError`` unless it is what was written."""
    digest, size = hashlib.sha256(), 0
    with _opened(path) as archive, archive.open(DATABASE) as member:
        while size <= manifest.size and (block := member.read(BLOCK)):
            digest.update(block)
            size += len(block)
            target.write(block)
    target.flush()
    if (digest.hexdigest(), size) != (manifest.sha256, manifest.size):
        raise BackupDamagedError(path, "innehållet är inte det som skrevs, kontrollsumman stämmer inte")


@contextmanager
def _opened(path: Path) -> Iterator[zipfile.ZipFile]:
    try:
        with zipfile.ZipFile(path) as archive:
            yield archive
    except FileNotFoundError as error:
        raise BackupDamagedError(path, "filen finns inte") from error
    except (zipfile.BadZipFile, zlib.error, EOFError, KeyError, NotImplementedError, ValueError) as error:
        raise BackupDamagedError(path, "filen är skadad, avbruten eller ingen säkerhetskopia") from error
    except OSError as error:
        raise BackupDamagedError(path, error.strerror or "filen går inte att läsa") from error
