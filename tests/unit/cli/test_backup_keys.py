"""Which keys a backup carries, and which a restore asks for."""

from pathlib import Path
from types import SimpleNamespace

import pytest

from services.chassis.auth.issuer import LocalIssuer
from services.chassis.sealing.kek import keks_of
from services.chassis.settings import settings_of
from services.cli.backup import keys
from services.cli.backup.manifest import BackupRefused, Manifest
from services.randomizer.witness.authority import LocalAuthority


def manifest(**given: object) -> Manifest:
    return Manifest.model_construct(**given)


def needing(*keks: str) -> Manifest:
    return manifest(services={"safety": SimpleNamespace(standing=SimpleNamespace(keks=keks))})


@pytest.fixture
def state(tmp_path: Path) -> Path:
    """The state directory of a system that was used."""
    path = tmp_path / "state"
    keks_of(settings_of("safety", state_dir=path))
    LocalIssuer(path, issuer="http://issuer.test", audience="reluth")
    LocalAuthority(path)
    return path


def test_a_restored_installation_stamps_and_opens_with_the_keys_that_it_had(state: Path, tmp_path: Path) -> None:
    backup, fresh = tmp_path / "backup", tmp_path / "fresh"
    backup.mkdir()
    copied = manifest(keys=keys.copy(state, backup))
    brought = keys.offered(fresh, backup, copied, None)
    keys.put(fresh, backup, copied, brought)
    assert LocalAuthority(fresh).certificate_pem == LocalAuthority(state).certificate_pem
    both = [keks_of(settings_of("safety", state_dir=path)).active for path in (state, fresh)]
    assert both[0] == both[1]
    assert {path.stat().st_mode & 0o777 for path in (backup / "keys").iterdir()} == {0o600}


def test_keys_in_a_key_management_service_are_not_asked_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    kept = tmp_path / "state"
    with pytest.raises(BackupRefused, match="transit:reluth:v3"):
        keys.check(needing("transit:reluth:v3"), ["safety"], kept, None)
    for name, value in {"URL": "http://kms.test", "KEY": "reluth", "TOKEN_FILE": str(tmp_path / "token")}.items():
        monkeypatch.setenv(f"RELUTH_KMS_{name}", value)
    keys.check(needing("transit:reluth:v3"), ["safety"], kept, None)
    for other in ("transit:other:v3", "transit:reluth", "kek-0123456789abcdef"):
        with pytest.raises(BackupRefused, match=other):
            keys.check(needing("transit:reluth:v3", other), ["safety"], kept, None)
