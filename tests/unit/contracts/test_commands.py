"""Commands come from people: what they do not know is refused."""

import msgspec
import pytest

from contracts.commands import Command
from tests import controls
from tests.unit.contracts.catalogue import control_name


def every(kind: type[Command]) -> list[type[Command]]:
    """The commands below this class, without those that only gather what others share."""
    below = kind.__subclasses__()
    return [one for each in below for one in every(each)] if below else [kind]


@pytest.mark.parametrize("kind", every(Command))
def test_command_comes_back_as_it_was_and_takes_no_other_field(kind: type[Command]) -> None:
    command: Command = getattr(controls, control_name(kind))()
    sent = msgspec.json.encode(command)
    assert msgspec.json.decode(sent, type=kind) == command
    with pytest.raises(msgspec.ValidationError):
        msgspec.json.decode(sent[:-1] + b',"invented":1}', type=kind)
